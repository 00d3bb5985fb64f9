// SPDX-License-Identifier: MIT
// Provenance: where a number in a plan comes from. No number without one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace {

enum class Origin : uint8_t {
  queried,     ///< a driver or library answered a call: raw = the call and its answer
  documented,  ///< a specification or a driver's source says so: raw = which
  user,        ///< an option or a configuration key: raw = as given
  learned,     ///< a trial import or probe failed or passed: raw = the trial and its answer
};

[[nodiscard]] constexpr std::string_view to_string(Origin origin) {
  constexpr std::string_view names[] = {"queried", "documented", "user", "learned"};
  return names[static_cast<size_t>(origin)];
}

struct Provenance {
  std::string stage;  ///< filled in by the graph: the stage's name
  std::string port;   ///< filled in by the graph
  Origin origin = Origin::documented;
  std::string raw;   ///< "vaDeriveImage: pitches 512, 768", "--size 1280x720"; never empty
  bool hard = true;  ///< false: a wish that may be given up
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

[[nodiscard]] inline Provenance queried(std::string raw) {
  return {{}, {}, Origin::queried, std::move(raw), true};
}

[[nodiscard]] inline Provenance documented(std::string raw) {
  return {{}, {}, Origin::documented, std::move(raw), true};
}

[[nodiscard]] inline Provenance from_user(std::string raw) {
  return {{}, {}, Origin::user, std::move(raw), true};
}

/// A value together with the reason for it.
template <class T>
struct Fact {
  T value{};
  Provenance why;
};

/// A number of a plan with every constraint that made it what it is (never empty in a plan).
struct Figure {
  uint64_t value = 0;
  std::vector<Provenance> why;
};

}  // namespace millrace
