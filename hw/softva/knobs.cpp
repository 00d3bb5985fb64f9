// SPDX-License-Identifier: MIT
#include "hw/softva/knobs.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

using Setter = bool (*)(Knobs&, std::string_view);

struct Knob {
  std::string_view name;
  std::string_view values;
  Setter set;
};

bool read_number(std::string_view text, uint32_t least, uint32_t most, uint32_t& number) {
  uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < least || value > most) return false;
  number = value;
  return true;
}

template <uint32_t Knobs::*member>
bool set_count(Knobs& knobs, std::string_view value) {
  return read_number(value, 1, 1'000'000, knobs.*member);
}

/// A switch that only one word turns to `on`.
template <bool Knobs::*member, bool on>
bool set_switch(Knobs& knobs, std::string_view) {
  knobs.*member = on;
  return true;
}

template <class Choice>
struct Named {
  std::string_view name;
  Choice choice;
};

template <class Choice, size_t count>
bool choose(const Named<Choice> (&names)[count], std::string_view value, Choice& choice) {
  const auto* const found =
      std::find_if(std::begin(names), std::end(names),
                   [value](const Named<Choice>& named) { return named.name == value; });
  if (found == std::end(names)) return false;
  choice = found->choice;
  return true;
}

bool set_validate(Knobs& knobs, std::string_view value) {
  return choose<bool>({{"0", false}, {"1", true}}, value, knobs.validate);
}

bool set_packed(Knobs& knobs, std::string_view value) {
  using enum Knobs::Packed;
  return choose<Knobs::Packed>({{"none", none}, {"raw", raw}, {"all", all}}, value, knobs.packed);
}

bool set_stride(Knobs& knobs, std::string_view value) {
  return read_number(value, 1, 65536, knobs.stride);
}

bool set_height(Knobs& knobs, std::string_view value) {
  return read_number(value, 1, 4096, knobs.height);
}

/// "WxH" in pixels.
bool set_coded(Knobs& knobs, std::string_view value) {
  const size_t cross = value.find('x');
  if (cross == std::string_view::npos) return false;
  return read_number(value.substr(0, cross), 1, 4096, knobs.coded.width) &&
         read_number(value.substr(cross + 1), 1, 4096, knobs.coded.height);
}

bool set_own_layout(Knobs& knobs, std::string_view value) {
  using enum Knobs::OwnLayout;
  return choose<Knobs::OwnLayout>({{"linear", linear}, {"tiled", tiled}, {"lying", lying}}, value,
                                  knobs.own_layout);
}

bool set_import(Knobs& knobs, std::string_view value) {
  using enum Knobs::Import;
  return choose<Knobs::Import>({{"all", all}, {"dmabuf", dmabuf}, {"none", none}, {"lying", lying}},
                               value, knobs.import);
}

bool set_sync(Knobs& knobs, std::string_view value) {
  using enum Knobs::Sync;
  return choose<Knobs::Sync>({{"unimplemented", unimplemented}, {"early", early}}, value,
                             knobs.sync);
}

bool set_segments(Knobs& knobs, std::string_view value) {
  using enum Knobs::Segments;
  return choose<Knobs::Segments>({{"split", split}, {"tail", tail}, {"outside", outside}}, value,
                                 knobs.segments);
}

bool set_encoder(Knobs& knobs, std::string_view value) {
  knobs.encoder = value;
  return value == "libx264" || value == "libopenh264";
}

bool set_log(Knobs& knobs, std::string_view value) {
  knobs.log_path = value;
  return !value.empty();
}

/// `values` of a switch is its one word; anything else there explains what `set` takes.
constexpr Knob known[] = {
    {"validate", "0 or 1", set_validate},
    {"packed", "none, raw or all", set_packed},
    {"stride", "1 to 65536 bytes", set_stride},
    {"height", "1 to 4096 rows", set_height},
    {"coded", "WxH, 1 to 4096 pixels each", set_coded},
    {"own-layout", "linear, tiled or lying", set_own_layout},
    {"import", "all, dmabuf, none or lying", set_import},
    {"import-limit", "1 to 1000000 imports", set_count<&Knobs::import_limit>},
    {"export-limit", "1 to 1000000 exports", set_count<&Knobs::export_limit>},
    {"rc", "cqp", set_switch<&Knobs::cqp_only, true>},
    {"entrypoint", "lp", set_switch<&Knobs::low_power, true>},
    {"ids", "zero", set_switch<&Knobs::ids_from_zero, true>},
    {"sync", "unimplemented or early", set_sync},
    {"segments", "split, tail or outside", set_segments},
    {"bad", "1 to 1000000 pictures", set_count<&Knobs::bad_every>},
    {"overflow", "error", set_switch<&Knobs::overflow_is_error, true>},
    {"map", "shared", set_switch<&Knobs::shared_map, true>},
    {"fail-render", "1 to 1000000 calls", set_count<&Knobs::fail_render>},
    {"fail-render-after", "taking", set_switch<&Knobs::fail_render_late, true>},
    {"fail-unmap", "1 to 1000000 calls", set_count<&Knobs::fail_unmap>},
    {"fail-at", "1 to 1000000 pictures", set_count<&Knobs::fail_at>},
    {"encoder", "libx264 or libopenh264", set_encoder},
    {"log", "a path", set_log},
    {"derive", "no", set_switch<&Knobs::derive, false>},
    {"images", "no", set_switch<&Knobs::images, false>},
    {"export", "no", set_switch<&Knobs::export_surfaces, false>},
};

bool is_word(std::string_view values) {
  return values.find(' ') == std::string_view::npos;
}

Result<> apply(Knobs& knobs, std::string_view item) {
  const size_t equals = std::min(item.find('='), item.size());
  const std::string_view name = item.substr(0, equals);
  const std::string_view value =
      equals == item.size() ? std::string_view() : item.substr(equals + 1);
  const auto* const knob = std::find_if(std::begin(known), std::end(known),
                                        [name](const Knob& one) { return one.name == name; });
  if (knob == std::end(known))
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "MILLRACE_VA_KNOBS: there is no knob '" + std::string(name) + "'");
  const bool taken = (!is_word(knob->values) || value == knob->values) && knob->set(knobs, value);
  if (!taken)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "MILLRACE_VA_KNOBS: " + std::string(name) +
                                                         " takes " + std::string(knob->values) +
                                                         ", not '" + std::string(value) + "'");
  return {};
}

}  // namespace

LayoutRules own_layout(const Knobs& knobs) {
  constexpr uint32_t usual_rows = 32;
  return {.pitch_step = knobs.stride,
          .rows_step = knobs.height == 0 ? usual_rows : knobs.height,
          .coded_step = knobs.coded,
          .tiled = knobs.own_layout != Knobs::OwnLayout::linear};
}

Result<Knobs> parse_knobs(std::string_view text) {
  Knobs knobs;
  std::vector<std::string_view> seen;
  knobs.active = text;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    const std::string_view name = item.substr(0, item.find('='));
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                    "MILLRACE_VA_KNOBS: " + std::string(name) + " is given twice");
    seen.push_back(name);
    MILLRACE_TRY(apply(knobs, item));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (knobs.validate) knobs.packed = Knobs::Packed::all;
  return knobs;
}

}  // namespace millrace::softva
