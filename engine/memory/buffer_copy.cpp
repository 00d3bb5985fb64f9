// SPDX-License-Identifier: MIT
#include "engine/memory/buffer_copy.h"

#include <fmt/format.h>

#include "engine/memory/buffer_copier.h"

namespace millrace {
namespace {

Result<> check_sole(const Buffer& buffer, const char* act) {
  if (buffer.is_writable()) return {};
  return fail(ErrorKind::denied, fmt::format("{}: somebody else holds it too", act),
              "Call make_writable() first.");
}

}  // namespace

Result<Ref<Buffer>> copy_buffer(const Buffer& from) {
  return BufferCopier::share_all(from);
}

Result<Ref<Buffer>> copy_buffer(const Buffer& from, const CopyParams& params) {
  const CopyRange range = MILLRACE_TRY(copy_range(from, params));
  Ref<Buffer> to = Buffer::create();
  BufferCopier copier{from, *to, params, range};
  MILLRACE_TRY(copier.add_bytes());
  copier.add_facts();
  copier.settle();
  return to;
}

Result<> copy_into(const Buffer& from, Buffer& to, const CopyParams& params) {
  if (&from == &to) return {};
  MILLRACE_TRY(check_sole(to, "copy into a buffer"));
  const CopyRange range = MILLRACE_TRY(copy_range(from, params));
  // All that can fail comes first and happens elsewhere.
  const Ref<Buffer> bytes = Buffer::create();
  BufferCopier gatherer{from, *bytes, params, range};
  MILLRACE_TRY(gatherer.add_bytes());
  BufferCopier copier{from, to, params, range, to.memory_count() != 0};
  copier.take_bytes(*bytes);
  copier.add_facts();
  return {};
}

Result<Ref<Buffer>> view_of(const Buffer& from, size_t offset, size_t size) {
  return copy_buffer(from, {.offset = offset, .size = size});
}

Result<> make_writable(Ref<Buffer>& buffer, const CopyInto* into) {
  if (!buffer->is_writable()) buffer = MILLRACE_TRY(copy_buffer(*buffer, {.into = into}));
  return {};
}

Result<> unshare(Buffer& buffer, const CopyInto& into) {
  MILLRACE_TRY(check_sole(buffer, "give a buffer bytes of its own"));
  return BufferCopier::unshare(buffer, into);
}

Result<> linearize(Buffer& buffer, const CopyInto& into) {
  MILLRACE_TRY(check_sole(buffer, "linearize a buffer"));
  return BufferCopier::linearize(buffer, into);
}

}  // namespace millrace
