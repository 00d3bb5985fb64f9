// SPDX-License-Identifier: MIT
#include "engine/memory/meta_serialize.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/memory/buffer.h"
#include "engine/memory/meta_node.h"

namespace millrace {
namespace {

struct Header {
  std::string_view name;
  uint8_t version = 0;
  std::span<const std::byte> payload;
  size_t total = 0;
};

Failure no_meta(std::string why) {
  return fail(ErrorKind::usage, "read a meta: " + std::move(why), "Give what serialize() wrote.");
}

Result<Header> read_header(std::span<const std::byte> from) {
  ByteReader whole(from);
  const uint32_t total = MILLRACE_TRY(whole.u32());
  if (total < sizeof total || total > from.size()) {
    return no_meta(fmt::format("it says that it has {} bytes of {}", total, from.size()));
  }
  ByteReader reader(from.subspan(sizeof total, total - sizeof total));
  const uint32_t length = MILLRACE_TRY(reader.u32());
  const std::span<const std::byte> name = MILLRACE_TRY(reader.bytes(length));
  const bool ends = std::ranges::find(name, std::byte{0}) == name.end();
  if (MILLRACE_TRY(reader.u8()) != 0 || !ends) {
    return no_meta("its name does not end where it should");
  }
  Header header;
  header.name = {reinterpret_cast<const char*>(name.data()), name.size()};
  header.version = MILLRACE_TRY(reader.u8());
  header.payload = MILLRACE_TRY(reader.bytes(reader.left()));
  header.total = total;
  return header;
}

/// Everything but the total.
Result<> write_body(const MetaView& meta, ByteWriter& to) {
  const MetaFacts& facts = meta.type().facts;
  to.u32(static_cast<uint32_t>(facts.name.size()));
  to.bytes(std::as_bytes(std::span(facts.name)));
  to.u8(0);
  to.u8(facts.version);
  return meta.type().serialize(meta.value(), to);
}

Result<> write_meta(const MetaView& meta, std::vector<std::byte>& to) {
  std::vector<std::byte> body;
  ByteWriter writer(body);
  MILLRACE_TRY(write_body(meta, writer));
  const size_t total = body.size() + sizeof(uint32_t);
  if (total > std::numeric_limits<uint32_t>::max()) {
    return fail(ErrorKind::usage, fmt::format("it takes {} bytes", total),
                "Less than 4 GiB are possible.");
  }
  ByteWriter all(to);
  all.u32(static_cast<uint32_t>(total));
  all.bytes(body);
  return {};
}

/// A node for a value that is being read, so that it is destroyed on every way out.
class Draft {
 public:
  explicit Draft(const MetaType& type) : node_(MetaNode::create(type, 0, {})) {}

  ~Draft() { made_ ? MetaNode::destroy(node_) : MetaNode::release(node_); }

  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Result<> read(const Header& header) {
    ByteReader payload(header.payload);
    MILLRACE_TRY(node_->type->deserialize(payload, header.version, node_->value()));
    made_ = true;
    if (payload.left() != 0) return no_meta(fmt::format("{} bytes too many", payload.left()));
    return {};
  }

  void* value() { return node_->value(); }

 private:
  MetaNode* node_;
  bool made_ = false;
};

Failure cannot_read(std::string_view name, const std::string& why, std::string remedy) {
  return fail(ErrorKind::unavailable, fmt::format("read a meta \"{}\": {}", name, why),
              std::move(remedy));
}

/// The type that reads a meta with this header.
Result<const MetaType*> find_reader(const Header& header, const MetaRegistry& registry) {
  const MetaType* const type = registry.find(header.name);
  if (!type || !type->deserialize) {
    return cannot_read(header.name, "nobody registered how", "Register its type, or skip it.");
  }
  if (header.version > type->facts.version) {
    return cannot_read(header.name,
                       fmt::format("it is of version {}, and the newest known one is {}",
                                   header.version, type->facts.version),
                       "Read it with the version that wrote it, or skip it.");
  }
  return type;
}

Result<> attach(const Header& header, Buffer& to, const MetaRegistry& registry) {
  if (to.metas().count() >= most_metas_to_read) {
    return cannot_read(header.name, fmt::format("the buffer has {} metas", most_metas_to_read),
                       "Skip it, or send fewer.");
  }
  const MetaType* const type = MILLRACE_TRY(find_reader(header, registry));
  Draft draft(*type);
  MILLRACE_TRY(draft.read(header));
  return to.add(*type, draft.value());
}

}  // namespace

Result<> serialize(const MetaView& meta, std::vector<std::byte>& to) {
  const std::string act = fmt::format("serialize a {}", meta.type().facts.name);
  if (!meta.type().serialize) {
    return fail(ErrorKind::unavailable, act + ": its type says not how", "Give it a serialize().");
  }
  const Result<> written = write_meta(meta, to);
  if (!written) return fail(written.error().while_doing(act));
  return {};
}

Result<size_t> serialize_all(const MetaItems& metas, std::vector<std::byte>& to) {
  const size_t had = to.size();
  size_t count = 0;
  for (const MetaView& meta : metas.all()) {
    if (!meta.type().serialize) continue;
    const Result<> written = serialize(meta, to);
    if (!written) {
      to.resize(had);
      return fail(written.error());
    }
    ++count;
  }
  return count;
}

Result<ReadMeta> deserialize(std::span<const std::byte> from, Buffer& to,
                             const MetaRegistry& registry) {
  if (!to.is_writable()) {
    return fail(ErrorKind::denied, "read a meta into a buffer: somebody else holds it too",
                "Call make_writable() first.");
  }
  const Header header = MILLRACE_TRY(read_header(from));
  ReadMeta read{.consumed = header.total, .refused = {}};
  if (const Result<> attached = attach(header, to, registry); !attached) {
    read.refused = attached.error();
  }
  return read;
}

}  // namespace millrace
