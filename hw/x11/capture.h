// SPDX-License-Identifier: MIT
// Capture: one view of a display, frame by frame, into the buffers of a pool.
//
// A frame is one round trip: where is the pointer, what has changed, write the pixels there. What
// else happens to the view is looked at between frames.
// Confined, but for `notices`.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/graph/stage.h"
#include "hw/x11/attached_pool.h"
#include "hw/x11/connection.h"
#include "hw/x11/damage.h"
#include "hw/x11/notices.h"
#include "hw/x11/pacer.h"
#include "hw/x11/pointer.h"
#include "hw/x11/still.h"
#include "hw/x11/view.h"

namespace millrace::x11 {

class Capture {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Capture>> open(const SourceSettings& settings);

  /// Takes the pool and what replaces it, and attaches its buffers to the server.
  [[nodiscard]] Result<> bind(const Decision::Port& port, observe::Ledger& ledger);

  /// The frame of the next slot that can be served; null at the end (a stop, a closed window).
  [[nodiscard]] Result<Ref<Buffer>> next(const std::stop_token& stop);

  /// Gives the buffers back; there will be no more frames.
  void release();

  [[nodiscard]] const SourceSettings& settings() const { return settings_; }

  [[nodiscard]] const VideoFormat& video() const { return video_; }  ///< as it was opened

  [[nodiscard]] bool is_xwayland() const { return is_xwayland_; }

  [[nodiscard]] std::string what() const;

  [[nodiscard]] std::vector<std::string> remarks() const { return view_->remarks(); }

  /// What happened so far; thread-safe.
  [[nodiscard]] std::vector<std::string> notices() const { return notices_.texts(); }

 private:
  Capture(SourceSettings settings, std::unique_ptr<Connection> connection);

  [[nodiscard]] Result<> look(const Features& features);
  [[nodiscard]] Result<Ref<Buffer>> serve(const Slot& slot, const std::stop_token& stop);
  [[nodiscard]] Result<> follow_view();
  [[nodiscard]] Result<> adapt_to_size();
  [[nodiscard]] Result<> keep_last_picture();
  [[nodiscard]] Result<> check_refusals();
  [[nodiscard]] Result<bool> read_out(Buffer& frame);
  [[nodiscard]] Result<bool> request(const Buffer& frame);
  void hand_out_events();
  void hand_out(const xcb_generic_event_t& event);
  void note_silence();
  [[nodiscard]] bool was_silent();

  const SourceSettings settings_;
  std::unique_ptr<Connection> connection_;  // the rest uses it until it dies
  Features features_;
  std::unique_ptr<View> view_;
  std::unique_ptr<Damage> damage_;
  std::unique_ptr<Pointer> pointer_;  ///< null where it is not wanted
  std::unique_ptr<AttachedPool> pool_;
  std::optional<Still::Picture> last_;  ///< where the picture of the frame before lies in the pool
  std::unique_ptr<Still> still_;        ///< while what is captured is missing
  VideoFormat video_;
  bool is_xwayland_ = false;
  Pacer pacer_;
  decltype(Decision::Port::replace_pool) replace_pool_;
  observe::Ledger* ledger_ = nullptr;
  observe::Ledger::Account* read_outs_ = nullptr;
  observe::Ledger::Account* stills_ = nullptr;  ///< null: there was none
  bool closed_ = false;
  bool redrawn_ = true;  ///< the next picture is another one, whatever damage says
  bool silent_ = false;  ///< the server was, for longer than patience has it
  std::optional<Timestamp> refused_since_;
  Notices notices_;
};

/// The server's read-out, as plan and ledger name it.
[[nodiscard]] InherentCopy read_out_of(const VideoFormat& video);

}  // namespace millrace::x11
