// SPDX-License-Identifier: MIT
#include "hw/vaapi/ladder.h"

#include <algorithm>
#include <utility>

namespace millrace::vaapi {
namespace {

constexpr const char* nothing_shared = "--memory cpu shares nothing with the driver";
constexpr const char* no_copies = "--memory dmabuf allows no copy by the CPU";

void append(std::string& list, const std::string& text, const char* between = ", ") {
  list += (list.empty() ? "" : between) + text;
}

Rung refused_by_user(std::string_view name, const char* reason) {
  return {.name = name, .reason = reason, .why = from_user(reason)};
}

Rung judge_imports(const std::vector<ImportTrial>& trials) {
  Rung rung{.name = import_rung, .why = documented("no heap of ours can be shared")};
  for (const ImportTrial& trial : trials) {
    if (trial.passed) {
      return {.name = import_rung,
              .open = true,
              .reason = "the driver imports " + trial.heap,
              .why = trial.why,
              .not_read_back = trial.not_read_back};
    }
    const char* const how = trial.remedy.empty() ? "the driver refuses " : "there is no ";
    append(rung.reason, how + trial.heap + " (" + trial.answer + ")");
    if (rung.remedy.empty()) rung.remedy = trial.remedy;
    rung.why = trial.why;
  }
  if (trials.empty()) rung.reason = "the driver imports no memory of ours";
  return rung;
}

Rung judge_own_surface(const OwnSurfaceTrial& trial) {
  Rung rung{.name = own_surface_rung,
            .open = trial.passed,
            .why = trial.why,
            .not_read_back = trial.not_read_back};
  for (const OwnSurfaceTrial::Refusal& refusal : trial.refusals) {
    append(rung.reason, "not " + std::string(to_string(refusal.reach)) + ": " + refusal.answer);
  }
  if (!trial.passed) return rung;
  const std::string way = trial.reach == Reach::exported
                              ? "exported as a " + std::string(to_string(trial.kind))
                              : std::string("mapped by vaDeriveImage") +
                                    (trial.may_be_staged ? ", which the driver may stage" : "");
  rung.reason = "frames are written into the driver's own surfaces, " + way +
                (rung.reason.empty() ? "" : " (" + rung.reason + ")");
  return rung;
}

Rung judge_upload(const UploadTrial& trial) {
  return {.name = put_image_rung,
          .open = trial.passed,
          .reason = trial.passed ? "frames are copied by vaPutImage" : trial.why.raw,
          .why = trial.why};
}

bool is_sure(const Rung& rung) {
  return rung.open && rung.not_read_back.empty();
}

/// Where the driver does not show what it sees, it is believed only if there is nothing better.
void settle_doubts(std::vector<Rung>& rungs) {
  const bool another = std::ranges::any_of(rungs, is_sure);
  for (Rung& rung : rungs) {
    if (!rung.open || is_sure(rung)) continue;
    rung.reason = another ? "what is written there cannot be read back: " + rung.not_read_back
                          : rung.reason + " (not read back: " + rung.not_read_back + ")";
    rung.open = !another;
  }
}

}  // namespace

const Rung& Ladder::rung(std::string_view name) const {
  return *std::ranges::find(rungs, name, &Rung::name);
}

const Rung* Ladder::best() const {
  const auto open = std::ranges::find(rungs, true, &Rung::open);
  return open == rungs.end() ? nullptr : &*open;
}

std::string Ladder::reason_for(std::string_view taken) const {
  std::string reason = rung(taken).reason;
  std::string last;
  for (const Rung& better : rungs) {
    if (better.name == taken) break;
    const std::string why =
        better.open ? "the frames' memory does not fit it, the plan says why" : better.reason;
    if (why == last) continue;  // said of the one before
    append(reason, "not " + std::string(better.name) + ": " + why, "; ");
    last = why;
  }
  return reason;
}

void Ladder::close(std::string_view name, const std::string& reason) {
  for (Rung& rung : rungs) {
    if (rung.name != name || !rung.open) continue;
    if (name == own_surface_rung && reserve.passed) {
      own = std::exchange(reserve, {});
      own.refusals = {{Reach::exported, reason}};
      rung = judge_own_surface(own);
      continue;
    }
    rung.open = false;
    rung.reason += ", but then: " + reason;
    rung.why = {{}, {}, Origin::learned, reason, true};
  }
}

Ladder try_ladder(const EncodeSetup& setup, const LayoutFacts& layout) {
  const MemoryPath path = setup.settings.memory_path;
  const SurfaceSize size = setup.picture_size();
  std::vector<ImportTrial> imports;
  OwnSurfaceTrial own;
  UploadTrial upload;
  if (path != MemoryPath::copied) {
    imports = try_imports(setup.display, setup.surfaces, size, layout);
    own = try_own_surface(setup.display, size, path == MemoryPath::shared);
  }
  if (path != MemoryPath::shared) upload = try_upload(setup.display, size);
  Ladder ladder = judge(std::move(imports), std::move(own), std::move(upload), path);
  const bool may_derive = ladder.own.reach == Reach::exported && path == MemoryPath::automatic;
  if (!ladder.rung(own_surface_rung).open || !may_derive) return ladder;
  OwnSurfaceTrial derived = try_derived_surface(setup.display, size);
  if (derived.passed && derived.not_read_back.empty()) ladder.reserve = std::move(derived);
  return ladder;
}

Ladder judge(std::vector<ImportTrial> imports, OwnSurfaceTrial own, UploadTrial upload,
             MemoryPath path) {
  const bool shares = path != MemoryPath::copied;
  Ladder ladder{std::move(imports), std::move(own), std::move(upload), {}};
  ladder.rungs = {
      shares ? judge_imports(ladder.imports) : refused_by_user(import_rung, nothing_shared),
      shares ? judge_own_surface(ladder.own) : refused_by_user(own_surface_rung, nothing_shared),
      path != MemoryPath::shared ? judge_upload(ladder.upload)
                                 : refused_by_user(put_image_rung, no_copies)};
  settle_doubts(ladder.rungs);
  return ladder;
}

std::vector<std::string> warnings_of(const Ladder& ladder) {
  std::vector<std::string> warnings;
  for (const Rung& rung : ladder.rungs) {
    if (!rung.open || rung.not_read_back.empty()) continue;
    warnings.push_back(
        "nobody can tell whether the driver sees the frames as they are by way of '" +
        std::string(rung.name) + "': " + rung.not_read_back + "; look at the result");
  }
  return warnings;
}

Result<> check_ladder(const Ladder& ladder) {
  if (ladder.best()) return {};
  std::string what = "feed the encoder:";
  std::string remedy = "Use another driver: --device chooses one, `millrace probe` lists them.";
  for (const Rung& rung : ladder.rungs) {
    what +=
        (rung.name == import_rung ? " no " : "; no ") + std::string(rung.name) + ": " + rung.reason;
    if (!rung.remedy.empty()) remedy = rung.remedy;
    if (rung.why.origin == Origin::user) remedy = "Use --memory auto.";
  }
  return fail(ErrorKind::unavailable, std::move(what), std::move(remedy));
}

}  // namespace millrace::vaapi
