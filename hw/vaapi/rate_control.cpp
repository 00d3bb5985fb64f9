// SPDX-License-Identifier: MIT
#include "hw/vaapi/rate_control.h"

#include <algorithm>
#include <array>
#include <vector>

#include <va/va.h>

namespace millrace::vaapi {
namespace {

constexpr uint8_t default_qp = 26;

uint32_t bit_of(RateMode mode) {
  switch (mode) {
    case RateMode::vbr:
      return VA_RC_VBR;
    case RateMode::cbr:
      return VA_RC_CBR;
    default:
      return VA_RC_CQP;
  }
}

bool offers(std::optional<uint32_t> offered, RateMode mode) {
  // A driver without the attribute is taken to code at constant QP.
  return (offered.value_or(VA_RC_CQP) & bit_of(mode)) != 0;
}

std::string names_of(std::optional<uint32_t> offered) {
  std::string names;
  for (const RateMode mode : {RateMode::cqp, RateMode::vbr, RateMode::cbr}) {
    if (offers(offered, mode)) names += (names.empty() ? "" : ", ") + to_string(mode);
  }
  return names.empty() ? "none of ours" : names;
}

/// Enough for a clean picture of a desktop: a tenth of a bit for each pixel.
uint32_t default_bitrate(const EncoderSettings& settings) {
  const double pixels = static_cast<double>(settings.width) * settings.height;
  const double bits = pixels * settings.frame_rate.value() / 10;
  return static_cast<uint32_t>(std::clamp(bits, 100e3, 400e6));
}

Result<> check_numbers(const EncoderSettings& settings) {
  if (settings.qp && (*settings.qp < 1 || *settings.qp > 51)) {
    return fail(ErrorKind::usage, "encode at QP " + std::to_string(*settings.qp),
                "give a QP from 1 (best) to 51");
  }
  if (settings.bitrate && *settings.bitrate == 0) {
    return fail(ErrorKind::usage, "encode at 0 bits per second", "give a bit rate above 0");
  }
  if (settings.max_bitrate && *settings.max_bitrate == 0) {
    return fail(ErrorKind::usage, "encode with a peak of 0 bits per second",
                "give a maximum above 0");
  }
  if (settings.max_bitrate && settings.bitrate && *settings.max_bitrate < *settings.bitrate) {
    return fail(ErrorKind::usage,
                "encode with a peak of " + std::to_string(*settings.max_bitrate) +
                    " bits per second: that is below the average of " +
                    std::to_string(*settings.bitrate),
                "raise the maximum or lower the bit rate");
  }
  return {};
}

/// The modes that suit an unnamed wish, the best first.
std::vector<RateMode> wishes_of(const EncoderSettings& settings) {
  if (settings.qp || (!settings.bitrate && !settings.max_bitrate)) {
    return {RateMode::cqp, RateMode::vbr, RateMode::cbr};
  }
  if (settings.bitrate == settings.max_bitrate) {
    return {RateMode::cbr, RateMode::vbr, RateMode::cqp};
  }
  return {RateMode::vbr, RateMode::cbr, RateMode::cqp};
}

void set_rates(RateControl& chosen, const EncoderSettings& settings) {
  const uint32_t implied = settings.max_bitrate.value_or(default_bitrate(settings));
  const uint32_t target = settings.bitrate.value_or(implied);
  uint32_t peak = target;
  if (chosen.mode == RateMode::vbr) {
    peak = settings.max_bitrate.value_or(target > UINT32_MAX / 2 ? UINT32_MAX : 2 * target);
  }
  const uint64_t percent = (uint64_t{target} * 100 + peak / 2) / peak;
  chosen.peak_bits_per_second = peak;
  chosen.target_percentage = static_cast<uint32_t>(std::clamp<uint64_t>(percent, 1, 100));
  chosen.buffer_bits = peak;
}

RateControl in_mode(RateMode mode, const EncoderSettings& settings,
                    std::optional<uint32_t> offered) {
  RateControl chosen{.mode = mode};
  if (offered) chosen.va_mode = bit_of(mode);
  if (mode == RateMode::cqp) {
    chosen.qp = settings.qp.value_or(default_qp);
  } else {
    set_rates(chosen, settings);
  }
  return chosen;
}

Result<RateControl> in_named_mode(const EncoderSettings& settings,
                                  std::optional<uint32_t> offered) {
  const RateMode mode = settings.rate_mode;
  if (!offers(offered, mode)) {
    return fail(ErrorKind::unavailable,
                "rate control " + to_string(mode) + ": the driver offers " + names_of(offered),
                "leave the mode open, or name one that the driver offers");
  }
  RateControl chosen = in_mode(mode, settings, offered);
  chosen.reason = to_string(mode) + ": asked by name";
  if (mode != RateMode::cqp && !settings.bitrate) {
    chosen.reason += "; the bit rate follows from size and frame rate";
  }
  return chosen;
}

const char* why_wished(const EncoderSettings& settings) {
  if (settings.qp) return ": a QP was given";
  if (settings.bitrate) return ": a bit rate was given";
  return settings.max_bitrate ? ": a maximum bit rate was given" : ": the default";
}

}  // namespace

std::string to_string(RateMode mode) {
  static constexpr std::array<const char*, 4> names = {"auto", "cqp", "vbr", "cbr"};
  return names.at(static_cast<size_t>(mode));
}

Result<RateControl> choose_rate_control(const EncoderSettings& settings,
                                        std::optional<uint32_t> offered) {
  MILLRACE_TRY(check_numbers(settings));
  if (settings.rate_mode != RateMode::automatic) return in_named_mode(settings, offered);
  const std::vector<RateMode> wishes = wishes_of(settings);
  const auto found = std::find_if(wishes.begin(), wishes.end(),
                                  [&](RateMode mode) { return offers(offered, mode); });
  if (found == wishes.end()) {
    return fail(ErrorKind::unavailable, "rate control: the driver offers neither CQP, VBR nor CBR",
                "choose another driver or device");
  }
  RateControl chosen = in_mode(*found, settings, offered);
  chosen.reason = to_string(*found) + why_wished(settings);
  if (*found != wishes.front()) {
    chosen.reason = to_string(*found) + ": the driver does not offer " + to_string(wishes.front());
    chosen.warning =
        "the driver offers rate control " + names_of(offered) + " only, not " +
        to_string(wishes.front()) + ": encoding in " + to_string(*found) +
        (*found == RateMode::cqp && settings.bitrate ? ", the bit rate is not kept" : "");
  }
  return chosen;
}

}  // namespace millrace::vaapi
