// SPDX-License-Identifier: MIT
#include "engine/base/sleep.h"

#include "engine/base/mutex.h"

namespace millrace {

bool sleep_until(Timestamp moment, const std::stop_token& stop) {
  Mutex mutex;
  Condition stopped;
  const std::stop_callback wake(stop, [&] {
    const Lock lock(mutex);
    stopped.notify_all();
  });
  const Lock lock(mutex);
  while (!stop.stop_requested() && now() < moment) stopped.wait_until(mutex, moment);
  return !stop.stop_requested();
}

}  // namespace millrace
