// SPDX-License-Identifier: MIT
// The entry points of the driver by subject; each fills its part of libva's table.
#pragma once

#include <va/va_backend.h>

namespace millrace::softva {

void add_config_entries(VADriverVTable& table);
void add_surface_entries(VADriverVTable& table);
void add_image_entries(VADriverVTable& table);
void add_buffer_entries(VADriverVTable& table);
void add_picture_entries(VADriverVTable& table);

/// Fills every slot that the others left empty: clients and libva's trace call some unguarded.
void add_unimplemented_entries(VADriverVTable& table);

}  // namespace millrace::softva
