// SPDX-License-Identifier: MIT
// Any bytes as a configuration file: settings, or an error with a place and a remedy.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/config.h"
#include "app/pipeline_config.h"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  app::Values values = app::Values::built_in();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<> parsed = app::parse_config(text, "fuzz.toml", "folder", values);
  if (!parsed) {
    const bool complete = parsed.error().what.starts_with("fuzz.toml:") &&
                          parsed.error().kind == ErrorKind::usage && !parsed.error().remedy.empty();
    if (!complete) std::abort();
    return 0;
  }
  app::settle_defaults(values);
  const Result<app::PipelineConfig> config = app::make_pipeline_config(values);
  if (!config && config.error().remedy.empty()) std::abort();
  // What is printed reads back to the same.
  app::Values again;
  const std::string printed = values.text();
  if (!app::parse_config(printed, "again.toml", {}, again) || again.text().empty()) std::abort();
  return 0;
}
