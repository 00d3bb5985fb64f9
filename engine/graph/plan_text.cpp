// SPDX-License-Identifier: MIT
// The plan for people: the edges with their verdicts, the pools with each number and where it comes
// from ([n] is a line of the reasons at the end), then what cannot be avoided and what should be
// known.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/format/pixel_format.h"
#include "engine/graph/merge.h"
#include "engine/graph/plan.h"

namespace millrace {
namespace {

constexpr std::string_view indent = "  ";

std::string upper(std::string_view verdict) {
  std::string text(verdict);
  for (char& letter : text) letter = static_cast<char>(letter - 'a' + 'A');
  return text;
}

/// 1234567 as "1,234,567".
std::string grouped(uint64_t value) {
  std::string digits = std::to_string(value);
  for (size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

std::string rate_of(const PlanPool& pool, uint64_t bytes) {
  const VideoFormat* video = pool.video();
  if (!video || video->frame_rate.num <= 0 || video->frame_rate.den <= 0) return {};
  const double rate = video->frame_rate.value();
  return fmt::format(" x {:.4g}/s = {} B/s", rate,
                     grouped(static_cast<uint64_t>(rate * static_cast<double>(bytes))));
}

class TextPlan {
 public:
  explicit TextPlan(const Plan& plan) : plan_(plan) {}

  std::string print() {
    for (const PlanEdge& edge : plan_.edges) print_edge(edge);
    for (const PlanPool& pool : plan_.pools) print_pool(pool);
    print_inherent();
    print_remarks();
    print_reasons();
    print_totals();
    return std::move(text_);
  }

 private:
  void line(const std::string& content) { text_ += content + "\n"; }

  void print_edge(const PlanEdge& edge) {
    const PlanPool& pool = plan_.pools[edge.pool];
    std::string head =
        fmt::format("edge {} -> {}  {}", edge.from, edge.to, upper(to_string(edge.verdict)));
    if (edge.copied_bytes_per_frame) {
      const uint64_t bytes = edge.copied_bytes_per_frame->value;
      head += fmt::format("  {} B/frame{}  ", grouped(bytes), rate_of(pool, bytes));
      for (const Provenance& why : edge.copied_bytes_per_frame->why) head += mark(why);
    }
    line(head);
    line(fmt::format("{}pool      {}{}", indent, edge.pool,
                     edge.copy_pool ? fmt::format(", copied into pool {}", *edge.copy_pool) : ""));
    std::string queue = fmt::format("queue of {}  ", edge.queue_depth.value);
    for (const Provenance& why : edge.queue_depth.why) queue += mark(why);
    line(fmt::format("{}way       {}, {}", indent,
                     edge.alternative.empty() ? "any" : edge.alternative, queue));
    line(fmt::format("{}reason    {}", indent, edge.reason));
    for (const Provenance& why : edge.conflict) {
      line(fmt::format("{}conflict  {}", indent, describe(why)));
    }
    for (const std::string& remedy : edge.remedies) {
      line(fmt::format("{}to share  {}", indent, remedy));
    }
  }

  void print_figure(const std::string& name, const Figure& figure) {
    std::string marks;
    for (const Provenance& why : figure.why) marks += mark(why);
    line(fmt::format("{}{:<13} {:>13}  {}", indent, name, grouped(figure.value), marks));
  }

  /// "[3]": where `why` stands among the reasons.
  std::string mark(const Provenance& why) {
    const auto known = std::ranges::find(reasons_, why);
    const auto place = known - reasons_.begin();
    if (known == reasons_.end()) reasons_.push_back(why);
    return fmt::format("[{}]", place + 1);
  }

  void print_reasons() {
    for (size_t place = 0; place < reasons_.size(); ++place) {
      line(fmt::format("[{}] {}", place + 1, describe(reasons_[place])));
    }
  }

  void print_members(const PlanPool& pool) {
    std::string members;
    for (const std::string& member : pool.members) {
      members += (members.empty() ? "" : ", ") + member;
    }
    line(fmt::format("{}members   {}", indent, members));
    line(fmt::format("{}heap      {}: {}", indent,
                     pool.heap.empty() ? "memory of " + pool.owner : pool.heap, pool.heap_reason));
  }

  void print_planes(const PlanPool& pool, size_t count) {
    print_figure("width", pool.width);
    print_figure("height", pool.height);
    print_figure("coded width", pool.coded_width);
    print_figure("coded height", pool.coded_height);
    for (size_t index = 0; index < count; ++index) {
      print_figure(fmt::format("offset {}", index), pool.plane[index].offset);
      print_figure(fmt::format("stride {}", index), pool.plane[index].stride);
      print_figure(fmt::format("rows {}", index), pool.plane[index].rows);
      if (pool.objects == ObjectLayout::per_plane) {
        print_figure(fmt::format("object {}", index), pool.plane[index].object_size);
      }
    }
  }

  void print_pool(const PlanPool& pool) {
    const VideoFormat* video = pool.video();
    const std::string modifier =
        pool.modifier == Modifier::linear ? " linear"
        : pool.modifier == Modifier::implicit
            ? " implicit"
            : fmt::format(" modifier {:#x}", static_cast<uint64_t>(pool.modifier));
    line(fmt::format("pool {}  {}{}  {} x {} bytes", pool.id, to_string(pool.stream),
                     video ? modifier : "", pool.count.value, grouped(pool.alloc.value)));
    print_members(pool);
    if (video) print_planes(pool, facts(video->format).plane_count);
    print_figure("size", pool.size);
    print_figure("alignment", pool.align);
    print_figure("allocation", pool.alloc);
    print_figure("buffers", pool.count);
  }

  void print_inherent() {
    for (const StageOffer& stage : plan_.stages) {
      for (const InherentCopy& copy : stage.inherent) {
        line(fmt::format("inherent  {}: {}, {} B/frame  {}", stage.stage, copy.where,
                         grouped(copy.bytes_per_frame), mark(copy.why)));
      }
    }
  }

  void print_remarks() {
    for (const StageOffer& stage : plan_.stages) {
      for (const std::string& remark : stage.remarks) {
        line(fmt::format("remark    {}: {}", stage.stage, remark));
      }
    }
  }

  void print_totals() {
    line(fmt::format("each frame: copies {} ({} bytes), transforms {}", plan_.copies_per_frame(),
                     grouped(plan_.copied_bytes_per_frame()), plan_.transforms_per_frame()));
  }

  const Plan& plan_;
  std::string text_;
  Provenances reasons_;
};

}  // namespace

std::string Plan::text() const {
  return TextPlan(*this).print();
}

}  // namespace millrace
