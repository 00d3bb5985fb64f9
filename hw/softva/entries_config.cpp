// SPDX-License-Identifier: MIT
#include <algorithm>
#include <span>

#include "hw/softva/driver.h"
#include "hw/softva/entries.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

VAStatus query_profiles(VADriverContextP context, VAProfile* profiles, int* count) {
  return enter(context, [&](Driver&) -> Result<> {
    const std::vector<VAProfile> all = supported_profiles();
    std::copy(all.begin(), all.end(), profiles);
    *count = static_cast<int>(all.size());
    return {};
  });
}

VAStatus query_entrypoints(VADriverContextP context, VAProfile profile, VAEntrypoint* entrypoints,
                           int* count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    *count = 0;
    const VAEntrypoint entrypoint = supported_entrypoint(driver.knobs);
    MILLRACE_TRY(check_entrypoint(profile, entrypoint, driver.knobs));
    entrypoints[0] = entrypoint;
    *count = 1;
    return {};
  });
}

VAStatus config_attributes(VADriverContextP context, VAProfile profile, VAEntrypoint entrypoint,
                           VAConfigAttrib* attributes, int count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    MILLRACE_TRY(check_entrypoint(profile, entrypoint, driver.knobs));
    if (count < 0 || (attributes == nullptr && count > 0))
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    for (VAConfigAttrib& attribute : std::span(attributes, static_cast<size_t>(count)))
      attribute.value = attribute_value(attribute.type, driver.knobs);
    return {};
  });
}

VAStatus create_config(VADriverContextP context, VAProfile profile, VAEntrypoint entrypoint,
                       VAConfigAttrib* attributes, int count, VAConfigID* id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    *id = VA_INVALID_ID;
    if (count < 0 || (attributes == nullptr && count > 0))
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    const std::span<const VAConfigAttrib> wanted(attributes, static_cast<size_t>(count));
    *id = driver.objects.configs.add(
        MILLRACE_TRY(make_config(profile, entrypoint, wanted, driver.knobs)));
    return {};
  });
}

VAStatus destroy_config(VADriverContextP context, VAConfigID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (!driver.objects.configs.remove(id)) return refuse(VA_STATUS_ERROR_INVALID_CONFIG);
    return {};
  });
}

VAStatus query_config(VADriverContextP context, VAConfigID id, VAProfile* profile,
                      VAEntrypoint* entrypoint, VAConfigAttrib* attributes, int* count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto config = driver.objects.configs.find(id);
    if (!config) return refuse(VA_STATUS_ERROR_INVALID_CONFIG);
    const std::vector<VAConfigAttrib> all = attributes_of(*config);
    *profile = config->profile;
    *entrypoint = config->entrypoint;
    *count = static_cast<int>(all.size());
    if (attributes != nullptr) std::copy(all.begin(), all.end(), attributes);
    return {};
  });
}

}  // namespace

void add_config_entries(VADriverVTable& table) {
  table.vaQueryConfigProfiles = query_profiles;
  table.vaQueryConfigEntrypoints = query_entrypoints;
  table.vaGetConfigAttributes = config_attributes;
  table.vaCreateConfig = create_config;
  table.vaDestroyConfig = destroy_config;
  table.vaQueryConfigAttributes = query_config;
}

}  // namespace millrace::softva
