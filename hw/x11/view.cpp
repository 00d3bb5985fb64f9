// SPDX-License-Identifier: MIT
#include "hw/x11/view.h"

#include <utility>

#include "hw/x11/screen_view.h"
#include "hw/x11/window_view.h"

namespace millrace::x11 {

Result<std::unique_ptr<View>> View::open(Connection& connection, const Features& features,
                                         const Target& target) {
  if (target.kind == Target::Kind::window) return WindowView::open(connection, target.window);
  return ScreenView::open(connection, features, target);
}

Result<View::Change> View::follow() {
  if (!std::exchange(doubted_, false)) return Change{};
  return look_again();
}

}  // namespace millrace::x11
