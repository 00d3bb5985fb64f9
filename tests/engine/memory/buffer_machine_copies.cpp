// SPDX-License-Identifier: MIT
// Copies of buffers, and of their models.
#include <algorithm>
#include <utility>

#include "tests/engine/memory/buffer_machine.h"

namespace millrace {

using Bytes = CopyParams::Bytes;

BufferMachine::Copied BufferMachine::copy_of(const model::Buffer& from, const CopyParams& how) {
  if (how.bytes == Bytes::merge) return merged(from, how.offset, how.size);
  const bool as_they_are =
      how.bytes == Bytes::share && how.size == from.size &&
      std::ranges::none_of(from.slices, [](const auto& slice) { return slice.memory->no_share; });
  if (as_they_are) {
    return {std::ranges::all_of(from.slices,
                                [](const auto& slice) { return slice.memory->may_be_read(); }),
            from};
  }
  Copied copied;
  for (const model::Run& run : from.runs(how.offset, how.size)) {
    copied.done = run.memory->may_be_read();
    if (!copied.done) return copied;
    const bool shared = how.bytes == Bytes::share && !run.memory->no_share;
    copied.buffer.slices.push_back(shared ? model::Slice{run.memory, run.from, run.size}
                                          : model::all_of(moved(run.text())));
  }
  copied.buffer.show_all();
  return copied;
}

BufferMachine::Copied BufferMachine::merged(const model::Buffer& from, size_t offset, size_t size) {
  std::string text;
  for (const model::Run& run : from.runs(offset, size)) {
    if (!run.memory->may_be_read()) return {false, {}};
    text += run.text();
    booked_ += run.size;
  }
  Copied copied;
  copied.buffer.insert(0, model::all_of(with(text)));
  return copied;
}

MemoryRef BufferMachine::moved(const std::string& text) {
  booked_ += text.size();
  return with(text);
}

MemoryRef BufferMachine::with(const std::string& text) {
  auto memory = std::make_shared<model::Memory>();
  memory->block = std::make_shared<std::string>(text);
  memory->size = text.size();
  memory->is_new = true;
  return memory;
}

void BufferMachine::learn(model::Buffer& model, const Buffer& real) {
  ASSERT_EQ(model.slices.size(), real.memory_count());
  bool learned = false;
  for (size_t index = 0; index < model.slices.size(); ++index) {
    model::Slice& slice = model.slices[index];
    if (!std::exchange(slice.memory->is_new, false)) continue;
    const KnownMemory known = adopt(Ref<Memory>::share(&real.memory(index)));
    ASSERT_EQ(known.model->block->substr(known.model->offset, known.model->size),
              *slice.memory->block);
    slice.memory->block = known.model->block;
    slice.offset = slice.memory->offset = known.model->offset;
    learned = true;
  }
  if (learned) model.show_all();
}

CopyParams BufferMachine::any_params(const model::Buffer& from) {
  static constexpr std::array<Bytes, 3> kinds = {Bytes::share, Bytes::deep, Bytes::merge};
  CopyParams params{.bytes = kinds[below(3)], .into = &into_};
  if (one_in(2)) {
    params.offset = below(from.size + 2);
    params.size = one_in(3) ? SIZE_MAX : below(from.size + 2);
  }
  return params;
}

bool BufferMachine::fits(const model::Buffer& from, CopyParams& params) {
  if (params.offset > from.size) return false;
  if (params.size == SIZE_MAX) params.size = from.size - params.offset;
  return params.size <= from.size - params.offset;
}

void BufferMachine::copy() {
  const std::optional<Live>& from = any_slot();
  if (!from) return;
  CopyParams params = any_params(from->model);
  Result<Ref<Buffer>> real = copy_buffer(*from->real, params);
  if (!fits(from->model, params)) return must_not(real.has_value());
  Copied copied = copy_of(from->model, params);
  ASSERT_EQ(real.has_value(), copied.done);
  if (!real) return;
  learn(copied.buffer, **real);
  any_slot() = Live{*real, copied.buffer};
}

void BufferMachine::copy_over() {
  const std::optional<Live>& from = any_slot();
  std::optional<Live>& to = any_slot();
  if (!from || !to) return;
  CopyParams params = any_params(from->model);
  const bool done = copy_into(*from->real, *to->real, params).has_value();
  if (&from == &to) return must(done);
  if (!to->sole() || !fits(from->model, params)) return must_not(done);
  const Copied copied = copy_of(from->model, params);
  ASSERT_EQ(done, copied.done);
  if (!done) return;
  for (const model::Slice& slice : copied.buffer.slices) {
    to->model.insert(to->model.slices.size(), slice);
  }
  learn(to->model, *to->real);
}

void BufferMachine::give_own() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const bool done = unshare(*slot->real, into_).has_value();
  if (!slot->sole()) return must_not(done);
  std::vector<std::pair<size_t, MemoryRef>> own;
  for (const model::Run& part : slot->model.parts(0, slot->model.size)) {
    if (part.memory->is_writable()) continue;
    if (!part.memory->may_be_read()) return must_not(done);
    own.emplace_back(part.slice, moved(part.text()));
  }
  ASSERT_TRUE(done);
  for (const auto& [index, memory] : own) replace_in(slot->model, index, 1, memory);
  learn(slot->model, *slot->real);
}

void BufferMachine::merge() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const std::optional<model::Run> piece = slot->model.one_piece();
  const bool linear = slot->model.slices.size() == 1 || (piece && may_be_read(*piece));
  const bool done = linearize(*slot->real, into_).has_value();
  if (!slot->sole()) return must_not(done);
  if (linear) return must(done);
  const Copied copied = merged(slot->model, 0, slot->model.size);
  ASSERT_EQ(done, copied.done);
  if (!done) return;
  slot->model = copied.buffer;
  learn(slot->model, *slot->real);
}

}  // namespace millrace
