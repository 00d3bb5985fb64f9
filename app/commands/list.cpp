// SPDX-License-Identifier: MIT
// list: what exists here.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/inventory.h"
#include "app/standard_streams.h"

namespace millrace::app {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const Json& json) {
  put_result(fmt::format("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)));
}

void add_sources(Json& list, const std::vector<SourceEntry>& sources, bool json) {
  for (const SourceEntry& source : sources) {
    if (!json) put_result(fmt::format("{:<18} {}\n", source.name, source.help));
    list.push_back({{"name", source.name}, {"help", source.help}});
  }
}

void list_sources(bool json) {
  Json list = Json::array();
  add_sources(list, known_sources(), json);
  const Result<std::vector<SourceEntry>> desktop = desktop_sources();
  if (!json)
    put_result(desktop ? "\non this desktop:\n" : "\nno desktop: " + desktop.error().what + "\n");
  if (desktop) add_sources(list, *desktop, json);
  if (json) print_json(list);
}

void list_formats(bool json) {
  Json list = Json::array();
  for (const FormatEntry& format : known_formats()) {
    if (!json) {
      const std::string alias = format.alias.empty() ? "" : fmt::format(" ({})", format.alias);
      put_result(fmt::format("{:<20} {:2} bits, {} {}; {}\n", format.name + alias, format.bits,
                             format.planes, format.planes == 1 ? "plane" : "planes", format.way));
    }
    list.push_back({{"name", format.name},
                    {"alias", format.alias},
                    {"bits", format.bits},
                    {"planes", format.planes},
                    {"to_encoder", format.way}});
  }
  if (json) print_json(list);
}

Json encoder_json(const EncoderEntry& entry) {
  Json ways = Json::array();
  for (const EncodeWay& way : entry.ways) {
    ways.push_back({{"codec", "h264"},
                    {"profile", way.profile},
                    {"entrypoint", way.entrypoint},
                    {"rate_control", way.rate_controls},
                    {"max_width", way.max_width},
                    {"max_height", way.max_height}});
  }
  return {{"device", entry.device},
          {"driver", entry.driver},
          {"vendor", entry.vendor},
          {"software", entry.software},
          {"encode", std::move(ways)}};
}

void print_encoder(const EncoderEntry& entry) {
  put_result(fmt::format("{}: {}{} ({})\n", entry.device,
                         entry.software ? "software VA driver " : "VA driver ", entry.driver,
                         entry.vendor));
  if (entry.ways.empty()) put_result("  does not encode H.264\n");
  for (const EncodeWay& way : entry.ways) {
    const std::string limit =
        way.max_width ? fmt::format(", up to {}x{}", way.max_width, way.max_height) : std::string();
    put_result(fmt::format("  h264 {} ({}): {}{}\n", way.profile, way.entrypoint,
                           fmt::join(way.rate_controls, ", "), limit));
  }
}

void list_encoders(bool json) {
  std::vector<std::string> devices = render_nodes();
  devices.emplace_back("software");
  Json list = Json::array();
  for (const std::string& device : devices) {
    const Result<EncoderEntry> entry = look_at_encoder(device);
    if (!entry) {
      if (!json) put_result(fmt::format("{}: {}\n", device, entry.error().what));
      list.push_back({{"device", device}, {"error", entry.error().what}});
      continue;
    }
    if (!json) print_encoder(*entry);
    list.push_back(encoder_json(*entry));
  }
  if (json) print_json(list);
}

}  // namespace

Result<ExitCode> list(const Options& options) {
  switch (options.listing) {
    case Listing::sources:
      list_sources(options.json);
      break;
    case Listing::encoders:
      list_encoders(options.json);
      break;
    case Listing::formats:
      list_formats(options.json);
      break;
  }
  return ExitCode::done;
}

}  // namespace millrace::app
