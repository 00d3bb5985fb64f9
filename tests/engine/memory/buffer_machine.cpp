// SPDX-License-Identifier: MIT
#include "tests/engine/memory/buffer_machine.h"

namespace millrace {

void BufferMachine::step() {
  using Act = void (BufferMachine::*)();
  using M = BufferMachine;
  static constexpr std::array<Act, 21> acts = {
      &M::create,     &M::insert, &M::insert,  &M::remove,    &M::replace,  &M::resize,
      &M::resize,     &M::copy,   &M::copy,    &M::copy_over, &M::give_own, &M::merge,
      &M::write,      &M::write,  &M::extract, &M::compare,   &M::hold,     &M::open,
      &M::close_view, &M::share,  &M::forget};
  (this->*acts[below(acts.size())])();
  check();
}

size_t BufferMachine::below(size_t bound) {
  return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
}

bool BufferMachine::one_in(size_t times) {
  return below(times) == 0;
}

std::optional<BufferMachine::Live>& BufferMachine::any_slot() {
  return slots_[below(slots_.size())];
}

void BufferMachine::must(bool done) {
  ASSERT_TRUE(done);
}

void BufferMachine::must_not(bool done) {
  ASSERT_FALSE(done);
}

BufferMachine::KnownMemory BufferMachine::fresh() {
  const AllocationParams params{.align = size_t{1} << below(5),
                                .prefix = below(6),
                                .padding = below(6),
                                .flags = {.no_share = one_in(8)}};
  const std::string text = ramp(one_in(5) ? 0 : below(24), static_cast<uint8_t>(below(200)));
  KnownMemory memory = adopt(memory_with(text, params));
  memory.model->no_share = params.flags.no_share;
  memories_.push_back(memory);
  return memory;
}

BufferMachine::KnownMemory BufferMachine::adopt(Ref<Memory> real) {
  auto known = std::make_shared<model::Memory>();
  const ReadView all = ReadView::open(*real, 0, real->maxsize()).take();
  known->block = std::make_shared<std::string>(text_of(all));
  known->offset = real->offset();
  known->size = real->size();
  return {std::move(real), std::move(known)};
}

BufferMachine::KnownMemory BufferMachine::any_memory() {
  return memories_.empty() || one_in(2) ? fresh() : memories_[below(memories_.size())];
}

void BufferMachine::share() {
  const KnownMemory whole = any_memory();
  const size_t offset = below(10);
  const size_t size = below(10);
  const MemoryRef root = whole.model->root ? whole.model->root : whole.model;
  const bool fits = offset <= whole.model->size && size <= whole.model->size - offset;
  Result<Ref<Memory>> real = whole.real->share(offset, size);
  ASSERT_EQ(real.has_value(), fits && !whole.model->no_share && root->writers == 0);
  if (!real) return;
  auto child = std::make_shared<model::Memory>();
  child->block = root->block;
  child->offset = whole.model->offset + offset;
  child->size = size;
  child->read_only = true;
  child->root = root;
  root->children.push_back(child);
  memories_.push_back({*real, child});
}

void BufferMachine::forget() {
  if (memories_.empty()) return;
  memories_.erase(memories_.begin() + static_cast<ptrdiff_t>(below(memories_.size())));
}

void BufferMachine::create() {
  std::optional<Live>& slot = any_slot();
  slot.reset();
  if (one_in(4)) {
    slot = Live{Buffer::create(), {}};
    return;
  }
  const KnownMemory memory = any_memory();
  Result<Ref<Buffer>> real = Buffer::create(memory.real);
  ASSERT_EQ(real.has_value(), memory.model->takes_owner());
  if (!real) return;
  slot = Live{*real, {}};
  slot->model.insert(0, model::all_of(memory.model));
}

void BufferMachine::insert() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return create();
  const KnownMemory memory = any_memory();
  const size_t index = below(slot->model.slices.size() + 1);
  const bool may = slot->sole() && memory.model->takes_owner();
  ASSERT_EQ(slot->real->insert(index, memory.real).has_value(), may);
  if (may) slot->model.insert(index, model::all_of(memory.model));
}

void BufferMachine::remove() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const size_t first = below(slot->model.slices.size() + 1);
  const size_t count = below(slot->model.slices.size() - first + 1);
  ASSERT_EQ(slot->real->remove(first, count).has_value(), slot->sole());
  if (slot->sole()) slot->model.remove(first, count);
}

void BufferMachine::replace() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const KnownMemory memory = any_memory();
  const size_t first = below(slot->model.slices.size() + 1);
  const size_t count = below(slot->model.slices.size() - first + 1);
  const bool may = slot->sole() && memory.model->takes_owner();
  ASSERT_EQ(slot->real->replace(first, count, memory.real).has_value(), may);
  if (may) replace_in(slot->model, first, count, memory.model);
}

void BufferMachine::replace_in(model::Buffer& buffer, size_t first, size_t count,
                               const MemoryRef& by) {
  buffer.insert(first, model::all_of(by));
  buffer.remove(first + 1, count);
}

void BufferMachine::resize() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const size_t has = slot->model.maxsize();
  const size_t start = below(has + 3);
  const size_t size = one_in(10) ? SIZE_MAX - below(5) : below(has + 3);
  const auto delta = static_cast<ptrdiff_t>(start) - static_cast<ptrdiff_t>(slot->model.offset);
  const bool may = slot->sole() && start <= has && size <= has - start;
  ASSERT_EQ(slot->real->resize(delta, size).has_value(), may);
  if (!may) return;
  slot->model.offset = start;
  slot->model.size = size;
}

void BufferMachine::hold() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  if (slot->held.empty()) {
    slot->held.push_back(slot->real);
  } else {
    slot->held.pop_back();
  }
}

void BufferMachine::check() const {
  for (const std::optional<Live>& slot : slots_) {
    if (slot) check_buffer(*slot);
  }
  for (const KnownMemory& memory : memories_) {
    const model::Memory& known = *memory.model;
    ASSERT_EQ(memory.real->is_writable(), known.is_writable());
    ASSERT_EQ(memory.real->references(),
              1 + known.owners + known.living_children() + known.readers + known.writers);
  }
  ASSERT_EQ(account_.bytes(), booked_);
}

void BufferMachine::check_buffer(const Live& live) {
  const Buffer& real = *live.real;
  ASSERT_EQ(real.size(), live.model.size);
  ASSERT_EQ(real.offset(), live.model.offset);
  ASSERT_EQ(real.maxsize(), live.model.maxsize());
  ASSERT_EQ(real.memory_count(), live.model.slices.size());
  ASSERT_EQ(real.is_writable(), live.sole());
  for (size_t index = 0; index < live.model.slices.size(); ++index) {
    ASSERT_EQ(real.is_writable(index),
              live.sole() && live.model.slices[index].memory->is_writable());
  }
  const std::vector<model::Run> runs = live.model.runs(0, live.model.size);
  size_t seen = 0;
  for (const Piece& piece : Pieces(real)) {
    ASSERT_LT(seen, runs.size());
    const Result<ReadView> view = piece.read();
    ASSERT_EQ(view.has_value(), runs[seen].memory->may_be_read());
    ASSERT_EQ(view ? text_of(*view) : runs[seen].text(), runs[seen].text());
    ++seen;
  }
  ASSERT_EQ(seen, runs.size());
}

}  // namespace millrace
