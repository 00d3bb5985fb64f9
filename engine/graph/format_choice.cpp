// SPDX-License-Identifier: MIT
#include "engine/graph/format_choice.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/graph/merge.h"

namespace millrace {
namespace {

std::string shown(const FormatChoice& choice) {
  switch (choice.modifier) {
    case Modifier::linear:
      return std::string(to_string(choice.format));
    case Modifier::implicit:
      return fmt::format("{} implicit", to_string(choice.format));
  }
  return fmt::format("{} modifier {:#x}", to_string(choice.format),
                     static_cast<uint64_t>(choice.modifier));
}

std::string shown(const Member& member) {
  std::string list;
  for (const FormatChoice& choice : member.alternative->layout.formats) {
    list += (list.empty() ? "" : ", ") + shown(choice);
  }
  return fmt::format("{} {} {}", member.port->name(),
                     member.port->port->direction == Direction::output ? "makes" : "takes", list);
}

bool has_fixed_stride(const Alternative& alternative) {
  return std::ranges::any_of(alternative.layout.stride_demand,
                             [](const auto& demand) { return demand.has_value(); });
}

/// Whoever allocates with an implicit layout may be asked for a linear one; a buffer that exists
/// stays what it is.
bool may_be_asked_for_linear(const Member& member) {
  return member.port->port->role.may_allocate && !has_fixed_stride(*member.alternative);
}

const FormatChoice* choice_for(const Member& member, PixelFormat format, Modifier modifier) {
  const FormatChoice* by_request = nullptr;
  for (const FormatChoice& choice : member.alternative->layout.formats) {
    if (choice.format != format) continue;
    if (choice.modifier == modifier) return &choice;
    const bool requested = modifier == Modifier::linear && choice.modifier == Modifier::implicit &&
                           may_be_asked_for_linear(member);
    if (requested) by_request = &choice;
  }
  return by_request;
}

std::optional<CommonFormat> agree_on(const std::vector<Member>& members, PixelFormat format,
                                     Modifier modifier) {
  CommonFormat common{format, modifier, 0, {}};
  for (const Member& member : members) {
    if (member.alternative->layout.formats.empty()) continue;
    const FormatChoice* choice = choice_for(member, format, modifier);
    if (!choice) return std::nullopt;
    common.rank += choice->rank;
    add_reasons(common.why, {choice->why});
  }
  return common;
}

bool wanted(const FormatChoice& choice, const FormatWish& wish) {
  return (!wish.format || choice.format == *wish.format) &&
         (!wish.linear || choice.modifier == Modifier::linear);
}

bool is_known(const std::vector<CommonFormat>& found, const FormatChoice& choice) {
  return std::ranges::any_of(found, [&](const CommonFormat& known) {
    return known.format == choice.format && known.modifier == choice.modifier;
  });
}

Conflict nothing_common(const std::vector<Member>& members) {
  Conflict conflict{"no common format: ", {}, false};
  std::string lists;
  for (const Member& member : members) {
    const auto& formats = member.alternative->layout.formats;
    if (formats.empty()) continue;
    lists += (lists.empty() ? "" : "; ") + shown(member);
    for (const FormatChoice& choice : formats) add_reasons(conflict.why, {choice.why});
  }
  conflict.what += lists.empty() ? "nobody names one" : lists;
  if (conflict.why.empty()) {
    const DomainPort& first = *members.front().port;
    conflict.why.push_back({first.stage->stage, first.port->name, Origin::documented,
                            "the port names no pixel format", true});
  }
  return conflict;
}

}  // namespace

Solved<std::vector<CommonFormat>> common_formats(const std::vector<Member>& members,
                                                 const FormatWish& wish) {
  std::vector<CommonFormat> found;
  for (const Member& member : members) {
    for (const FormatChoice& choice : member.alternative->layout.formats) {
      if (!wanted(choice, wish) || is_known(found, choice)) continue;
      const auto common = agree_on(members, choice.format, choice.modifier);
      if (common) found.push_back(*common);
    }
  }
  const bool all_silent = std::ranges::all_of(
      members, [](const Member& member) { return member.alternative->layout.formats.empty(); });
  if (all_silent && wish.format && !wish.why.empty()) {
    found.push_back({*wish.format, Modifier::linear, 0, wish.why});
  }
  if (found.empty()) return tl::unexpected<Conflict>(nothing_common(members));
  std::ranges::stable_sort(found, {}, &CommonFormat::rank);
  return found;
}

}  // namespace millrace
