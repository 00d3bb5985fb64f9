// SPDX-License-Identifier: MIT
// Whether this is built with AddressSanitizer, which sees a use after the end only of memory that
// goes back to the heap each time: what keeps memory for later then does not.
#pragma once

namespace millrace {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool with_address_sanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool with_address_sanitizer = true;
#else
inline constexpr bool with_address_sanitizer = false;
#endif
#else
inline constexpr bool with_address_sanitizer = false;
#endif

}  // namespace millrace
