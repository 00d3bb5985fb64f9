// SPDX-License-Identifier: MIT
#include "hw/softva/entries.h"

namespace millrace::softva {
namespace {

/// Says UNIMPLEMENTED with any parameters, where a slot is still empty.
template <class... Parameters>
void fill(VAStatus (*&slot)(Parameters...)) {
  if (slot == nullptr)
    slot = [](Parameters...) -> VAStatus { return VA_STATUS_ERROR_UNIMPLEMENTED; };
}

template <class... Slots>
void fill_all(Slots&... slots) {
  (fill(slots), ...);
}

}  // namespace

void add_unimplemented_entries(VADriverVTable& table) {
  fill_all(table.vaPutSurface, table.vaCreateSubpicture, table.vaDestroySubpicture,
           table.vaSetSubpictureImage, table.vaSetSubpictureChromakey,
           table.vaSetSubpictureGlobalAlpha, table.vaAssociateSubpicture,
           table.vaDeassociateSubpicture, table.vaGetDisplayAttributes,
           table.vaSetDisplayAttributes, table.vaLockSurface, table.vaUnlockSurface,
           table.vaGetSurfaceAttributes, table.vaCreateMFContext, table.vaMFAddContext,
           table.vaMFReleaseContext, table.vaMFSubmit, table.vaCreateBuffer2,
           table.vaQueryProcessingRate, table.vaCopy);
}

}  // namespace millrace::softva
