// SPDX-License-Identifier: MIT
// Bytes in and out of buffers and of their models, and views of them.
#include <algorithm>
#include <iterator>

#include "engine/memory/buffer_bytes.h"
#include "tests/engine/memory/buffer_machine.h"

namespace millrace {

BufferMachine::Part BufferMachine::any_part(const model::Buffer& buffer) {
  const size_t offset = below(buffer.size + 3);
  const size_t size = below(buffer.size + 3);
  const size_t rest = offset < buffer.size ? buffer.size - offset : 0;
  return {offset, size, buffer.runs(rest == 0 ? 0 : offset, std::min(size, rest))};
}

size_t BufferMachine::bytes_in(const std::vector<model::Run>& runs) {
  size_t sum = 0;
  for (const model::Run& run : runs) sum += run.size;
  return sum;
}

void BufferMachine::write() {
  std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const Part part = any_part(slot->model);
  const std::string text = ramp(part.size, static_cast<uint8_t>(below(256)));
  const bool fills = one_in(2);
  const Result<size_t> done = fills ? fill_bytes(*slot->real, part.offset, bytes_of(text), account_)
                                    : set_bytes(*slot->real, part.offset, part.size, std::byte{7});
  const bool may = slot->sole() && std::ranges::all_of(part.runs, [](const model::Run& run) {
                     return run.memory->may_be_written();
                   });
  ASSERT_EQ(done.has_value(), may);
  if (!may) return;
  ASSERT_EQ(*done, bytes_in(part.runs));
  size_t at = 0;
  for (const model::Run& run : part.runs) {
    run.memory->block->replace(run.from, run.size,
                               fills ? text.substr(at, run.size) : std::string(run.size, 7));
    at += run.size;
  }
  if (fills) booked_ += at;
}

void BufferMachine::extract() {
  const std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const Part part = any_part(slot->model);
  std::string text(part.size, '\0');
  const Result<size_t> done =
      extract_bytes(*slot->real, part.offset, std::as_writable_bytes(std::span(text)), account_);
  std::string expected;
  for (const model::Run& run : part.runs) {
    if (!run.memory->may_be_read()) return must_not(done.has_value());
    expected += run.text();
    booked_ += run.size;
  }
  ASSERT_TRUE(done.has_value());
  ASSERT_EQ(text.substr(0, *done), expected);
}

void BufferMachine::compare() {
  const std::optional<Live>& slot = any_slot();
  if (!slot) return;
  const Part part = any_part(slot->model);
  const std::string with = one_in(2) ? ramp(part.size) : std::string(part.size, '\7');
  const auto order = compare_bytes(*slot->real, part.offset, bytes_of(with));
  if (part.offset > slot->model.size || part.size > slot->model.size - part.offset) {
    return must(order.has_value() && !*order);
  }
  size_t at = 0;
  int expected = 0;
  for (const model::Run& run : part.runs) {
    if (!run.memory->may_be_read()) return must_not(order.has_value());
    expected = run.text().compare(with.substr(at, run.size));
    if (expected != 0) break;
    at += run.size;
  }
  ASSERT_TRUE(order.has_value() && order->has_value());
  ASSERT_EQ(**order < 0, expected < 0);
  ASSERT_EQ(**order > 0, expected > 0);
}

bool BufferMachine::may_be_read(const model::Run& piece) {
  return !piece.memory || piece.memory->may_be_read();
}

void BufferMachine::open() {
  std::optional<Live>& slot = any_slot();
  // A view of no bytes may or may not be of a memory.
  if (!slot || slot->model.size == 0 || views_.size() > 3) return;
  const std::optional<model::Run> piece = slot->model.one_piece();
  one_in(2) ? open_reader(*slot, piece) : open_writer(*slot, piece);
}

void BufferMachine::open_reader(const Live& live, const std::optional<model::Run>& piece) {
  Result<ReadView> view = live.real->read();
  ASSERT_EQ(view.has_value(), piece && piece->memory->may_be_read());
  if (!view) return;
  ASSERT_EQ(text_of(*view), piece->text());
  ++piece->memory->readers;
  views_.push_back({view.take(), piece->memory});
}

void BufferMachine::open_writer(Live& live, const std::optional<model::Run>& piece) {
  Result<WriteView> view = live.real->write();
  const bool may = live.sole() && piece && piece->memory->may_be_written();
  ASSERT_EQ(view.has_value(), may);
  if (!view) return;
  view->bytes()[0] = std::byte{'W'};
  (*piece->memory->block)[piece->from] = 'W';
  ++piece->memory->writers;
  views_.push_back({view.take(), piece->memory});
}

void BufferMachine::close_view() {
  if (views_.empty()) return;
  const auto view = std::next(views_.begin(), static_cast<ptrdiff_t>(below(views_.size())));
  --(std::holds_alternative<ReadView>(view->real) ? view->model->readers : view->model->writers);
  views_.erase(view);
}

}  // namespace millrace
