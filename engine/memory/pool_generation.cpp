// SPDX-License-Identifier: MIT
#include "engine/memory/pool_generation.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/memory/buffer.h"

namespace millrace {

void PoolGeneration::begin(uint32_t number, const PoolConfig& config,
                           const PoolShelf::Rules& rules) {
  number_ = number;
  config_ = config;
  rules_ = rules;
  retired_ = false;
  idle_ = false;
  slots_ = 0;
  for (const auto& shelf : shelves_) shelf->begin(rules);
}

void PoolGeneration::add_shelf() {
  const auto first = static_cast<uint32_t>(shelves_.size() * PoolShelf::room);
  shelves_.push_back(std::make_unique<PoolShelf>(*this, first));
  shelves_.back()->begin(rules_);
  if (shelves_.size() > 1) shelves_[shelves_.size() - 2]->append(shelves_.back().get());
}

std::optional<PoolGeneration::Vacancy> PoolGeneration::reserve() {
  if (made_ == config_.count.limit()) return std::nullopt;
  if (made_ == shelves_.size() * PoolShelf::room) add_shelf();
  for (size_t at = 0; at < shelves_.size(); ++at) {
    const uint64_t bit = shelves_[at]->reserve();
    if (bit == 0) continue;
    ++made_;
    slots_ = std::max(slots_, at * PoolShelf::room + std::bit_width(bit));
    return Vacancy{shelves_[at].get(), bit};
  }
  return std::nullopt;
}

void PoolGeneration::add(Buffer& buffer) noexcept {
  const std::optional<Vacancy> place = reserve();
  MILLRACE_CHECK(place);
  place->shelf->fill(place->bit, buffer);
  place->shelf->lay_down(place->bit);
}

bool PoolGeneration::vacate(const Vacancy& vacancy) noexcept {
  vacancy.shelf->vacate(vacancy.bit);
  --made_;
  return retired_ && made_ == 0;
}

void PoolGeneration::slow_down() noexcept {
  for (const auto& shelf : shelves_) shelf->slow_down();
}

void PoolGeneration::speed_up() noexcept {
  for (const auto& shelf : shelves_) shelf->speed_up();
}

Buffer* PoolGeneration::take_slowly() noexcept {
  for (const auto& shelf : shelves_) {
    if (Buffer* const buffer = shelf->take_slowly()) return buffer;
  }
  return nullptr;
}

bool PoolGeneration::retire(std::vector<Buffer*>& freed) {
  retired_ = true;
  slow_down();
  while (Buffer* const buffer = take_slowly()) freed.push_back(buffer);
  return made_ == 0;
}

size_t PoolGeneration::low_water() const noexcept {
  size_t most_lent = 0;
  for (size_t at = 0; at < shelves_.size(); ++at) {
    if (const uint64_t most = shelves_[at]->most_lent()) most_lent = at * PoolShelf::room + most;
  }
  return slots_ - most_lent;
}

std::vector<const Buffer*> PoolGeneration::free_buffers() const {
  std::vector<const Buffer*> buffers;
  for (const auto& shelf : shelves_) shelf->list_free(buffers);
  return buffers;
}

void PoolGeneration::describe(std::vector<PoolSlot>& slots, const TickClock& clock) const {
  for (const auto& shelf : shelves_) shelf->describe(slots, clock);
}

size_t PoolGeneration::free_count() const noexcept {
  size_t sum = 0;
  for (const auto& shelf : shelves_) sum += shelf->free_count();
  return sum;
}

}  // namespace millrace
