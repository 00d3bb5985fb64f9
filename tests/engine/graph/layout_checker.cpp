// SPDX-License-Identifier: MIT
#include "tests/engine/graph/layout_checker.h"

#include "engine/format/layout.h"

namespace millrace::test {
namespace {

bool is_set(const OptionalFlag& flag) {
  return flag && flag->value;
}

class Checker {
 public:
  Checker(const PlanPool& pool, const LayoutConstraints& member)
      : pool_(pool), member_(member), format_(facts(pool.video()->format)) {}

  std::vector<std::string> check() {
    check_sizes();
    for (size_t plane = 0; plane < format_.plane_count; ++plane) {
      check_plane(plane);
      check_flags(plane);
    }
    return std::move(broken_);
  }

 private:
  void expect(bool holds, const std::string& what) {
    if (!holds) broken_.push_back(what);
  }

  static bool multiple(uint64_t value, const OptionalNumber& of) {
    return !of || value % of->value == 0;
  }

  static bool within(uint64_t value, const OptionalNumber& low, const OptionalNumber& high) {
    return (!low || value >= low->value) && (!high || value <= high->value);
  }

  void check_sizes() {
    expect(within(pool_.width.value, member_.width_min, member_.width_max), "width limits");
    expect(within(pool_.height.value, member_.height_min, member_.height_max), "height limits");
    expect(multiple(pool_.coded_width.value, member_.coded_align_width), "coded width");
    expect(multiple(pool_.coded_height.value, member_.coded_align_height), "coded height");
    expect(pool_.coded_width.value >= pool_.width.value, "coded width below visible");
    expect(pool_.coded_height.value >= pool_.height.value, "coded height below visible");
    expect(multiple(pool_.alloc.value, member_.alloc_align), "allocation alignment");
    expect(within(pool_.alloc.value, member_.alloc_min, std::nullopt), "allocation minimum");
    expect(within(pool_.size.value, std::nullopt, member_.alloc_max), "allocation maximum");
    expect(pool_.size.value >=
               end_of(format_.plane_count - 1) + (member_.tail_pad ? member_.tail_pad->value : 0),
           "tail pad");
    expect(pool_.alloc.value >= pool_.size.value, "allocation below size");
  }

  [[nodiscard]] uint64_t end_of(size_t plane) const {
    const PlanPool::Plane& p = pool_.plane[plane];
    return p.offset.value + p.stride.value * p.rows.value;
  }

  [[nodiscard]] uint64_t row_bytes(size_t plane) const {
    const uint64_t sub = format_.planes[plane].group_width;
    return (pool_.coded_width.value + sub - 1) / sub * format_.planes[plane].group_bytes;
  }

  void check_plane(size_t plane) {
    const PlanPool::Plane& p = pool_.plane[plane];
    const std::string name = " of plane " + std::to_string(plane);
    expect(p.stride.value >= row_bytes(plane), "stride below a row" + name);
    expect(multiple(p.stride.value, member_.stride_align[plane]), "stride alignment" + name);
    expect(within(p.stride.value, member_.stride_min[plane], member_.stride_max[plane]),
           "stride limits" + name);
    const auto& demand = member_.stride_demand[plane];
    if (demand) expect(p.stride.value == demanded(plane, demand->value), "stride demand" + name);
    const uint64_t rows = (pool_.coded_height.value + format_.planes[plane].group_height - 1) /
                          format_.planes[plane].group_height;
    expect(p.rows.value >= rows, "rows below the picture" + name);
    expect(multiple(p.rows.value, member_.rows_align[plane]), "rows alignment" + name);
    expect(within(p.rows.value, member_.rows_min[plane], std::nullopt), "rows minimum" + name);
    expect(multiple(p.offset.value, member_.offset_align[plane]), "offset alignment" + name);
    const auto& fixed = member_.offset_fixed[plane];
    if (fixed) expect(p.offset.value == fixed->value, "fixed offset" + name);
    if (plane > 0) expect(p.offset.value >= end_of(plane - 1), "overlap" + name);
  }

  [[nodiscard]] uint64_t demanded(size_t plane, const StrideDemand& demand) const {
    if (demand.policy == StridePolicy::fixed) return demand.value;
    return (row_bytes(plane) + demand.value - 1) / demand.value * demand.value;
  }

  void check_flags(size_t plane) {
    const PlanPool::Plane& p = pool_.plane[plane];
    const PlanPool::Plane& luma = pool_.plane[0];
    const std::string name = " of plane " + std::to_string(plane);
    const PlaneFacts& facts = format_.planes[plane];
    if (is_set(member_.stride_equal)) expect(p.stride.value == luma.stride.value, "equal" + name);
    if (is_set(member_.stride_whole_pixels)) {
      expect(p.stride.value % facts.group_bytes == 0, "whole pixels" + name);
    }
    if (is_set(member_.offset_whole_rows)) {
      expect(p.offset.value % luma.stride.value == 0, "whole rows" + name);
    }
    if (is_set(member_.offset_zero_first)) expect(luma.offset.value == 0, "first offset");
    if (plane == 0) return;
    if (is_set(member_.planes_packed)) {
      expect(p.offset.value == end_of(plane - 1), "packed" + name);
    }
    if (is_set(member_.stride_derived)) {
      expect(p.stride.value * facts.group_width * format_.planes[0].group_bytes ==
                 luma.stride.value * facts.group_bytes,
             "derived stride" + name);
    }
  }

  const PlanPool& pool_;
  const LayoutConstraints& member_;
  const PixelFormatFacts& format_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_constraints(const PlanPool& pool,
                                            const std::vector<const LayoutConstraints*>& members) {
  std::vector<std::string> broken;
  for (const LayoutConstraints* member : members) {
    for (std::string& what : Checker(pool, *member).check()) broken.push_back(std::move(what));
  }
  return broken;
}

}  // namespace millrace::test
