// SPDX-License-Identifier: MIT
// Walks over every fact of an alternative in one fixed order: to put names into provenances, and to
// drop one fact after the other when a conflict is explained. A new field of constraints.h joins
// here.
#pragma once

#include "engine/graph/constraints.h"

namespace millrace {

/// Calls `visit(field)` for each member of `layout` that can hold a fact: an optional<Fact<T>> or a
/// vector (of FormatChoice or Fact<T>). Sizes come first, then whatever can be given up.
template <class Layout, class Visit>
void walk_sizes(Layout& layout, Visit&& visit) {
  visit(layout.visible_width);
  visit(layout.visible_height);
}

template <class Layout, class Visit>
void walk_planes(Layout& layout, Visit&& visit) {
  for (auto& field : layout.rows_min) visit(field);
  for (auto& field : layout.rows_align) visit(field);
  for (auto& field : layout.offset_align) visit(field);
  for (auto& field : layout.offset_fixed) visit(field);
  for (auto& field : layout.stride_min) visit(field);
  for (auto& field : layout.stride_max) visit(field);
  for (auto& field : layout.stride_align) visit(field);
  for (auto& field : layout.stride_demand) visit(field);
}

template <class Layout, class Visit>
void walk_layout(Layout& layout, Visit&& visit) {
  visit(layout.formats);
  for (auto* field : {&layout.width_min, &layout.width_max, &layout.height_min, &layout.height_max,
                      &layout.coded_align_width, &layout.coded_align_height, &layout.tail_pad,
                      &layout.alloc_align}) {
    visit(*field);
  }
  for (auto* field :
       {&layout.stride_whole_pixels, &layout.stride_equal, &layout.stride_derived,
        &layout.offset_zero_first, &layout.offset_whole_rows, &layout.planes_packed}) {
    visit(*field);
  }
  visit(layout.objects);
  walk_planes(layout, visit);
  visit(layout.alloc_min);
  visit(layout.alloc_max);
}

template <class Memory, class Visit>
void walk_memory(Memory& memory, Visit&& visit) {
  visit(memory.heaps);
  visit(memory.contiguous);
  visit(memory.address_window);
  visit(memory.address_align);
  visit(memory.cpu_read_cost);
  visit(memory.moves_between_windows);
  visit(memory.address_must_stay);
}

template <class Count, class Visit>
void walk_count(Count& count, Visit&& visit) {
  visit(count.slack_own);
  visit(count.slack_shared);
  visit(count.hold);
  visit(count.count_min);
  visit(count.count_max);
}

/// What may be given up to find out which constraints conflict: all but the picture's size.
template <class AnyAlternative, class Visit>
void walk_demands(AnyAlternative& alternative, Visit&& visit) {
  walk_layout(alternative.layout, visit);
  walk_memory(alternative.memory, visit);
  walk_count(alternative.count, visit);
}

template <class AnyAlternative, class Visit>
void walk_all(AnyAlternative& alternative, Visit&& visit) {
  walk_sizes(alternative.layout, visit);
  walk_demands(alternative, visit);
  visit(alternative.sync);
  visit(alternative.rate);
}

}  // namespace millrace
