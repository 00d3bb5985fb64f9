// SPDX-License-Identifier: MIT
#include "engine/base/thread.h"

#include <pthread.h>

namespace millrace {

void name_this_thread(const std::string& name) {
  static constexpr size_t kernel_limit = 15;
  pthread_setname_np(pthread_self(), name.substr(0, kernel_limit).c_str());
}

}  // namespace millrace
