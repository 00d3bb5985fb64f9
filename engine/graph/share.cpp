// SPDX-License-Identifier: MIT
#include "engine/graph/share.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/checked.h"
#include "engine/format/layout.h"
#include "engine/graph/buffer_count.h"
#include "engine/graph/offer_names.h"

namespace millrace {
namespace {

/// More combinations than any real graph has; a hostile offer stops here.
constexpr size_t most_combinations = 4096;

constexpr uint64_t copy_hold = 1;

Provenance copy_engine_holds(const DomainPort& beside) {
  return {beside.stage->stage, beside.port->name, Origin::documented,
          "the copy on this link holds one buffer while it moves it", true};
}

/// What a port that says nothing keeps: the buffer that it works on. The two ports of a stage that
/// works in place share one.
Fact<uint64_t> default_hold(const DomainPort& port) {
  const bool counted_at_input =
      port.stage->kind == StageKind::in_place && port.port->direction == Direction::output;
  return {counted_at_input ? 0U : 1U,
          {port.stage->stage, port.port->name, Origin::documented,
           "a port that states no hold keeps the buffer that it works on", true}};
}

void add(Facts& into, const OptionalNumber& fact) {
  if (fact) into.push_back(*fact);
}

Solved<Figure> count_for(const NegotiationInput& input, const Stretch& stretch,
                         const std::vector<Member>& members, const OptionalNumber& user) {
  CountProblem problem;
  for (const Member& member : members) {
    const CountConstraints& count = member.alternative->count;
    problem.hold.push_back(count.hold ? *count.hold : default_hold(*member.port));
    add(problem.slack_own, count.slack_own);
    add(problem.slack_shared, count.slack_shared);
    add(problem.count_min, count.count_min);
    add(problem.count_max, count.count_max);
  }
  const DomainPort& first = *stretch.ports.front();
  if (stretch.copied_into) problem.hold.push_back({copy_hold, copy_engine_holds(first)});
  if (stretch.copied_from) {
    problem.hold.push_back({copy_hold, copy_engine_holds(*stretch.ports.back())});
  }
  for (const size_t index : stretch.links) {
    const LinkSpec& link = input.links[index];
    problem.queue_depth.push_back(
        {link.queue_depth.value, named(link.queue_depth.why, link.from_stage, link.from_port)});
  }
  if (user) {
    problem.user = {user->value, named(user->why, first.stage->stage, first.port->name)};
  }
  return count_buffers(problem);
}

Solved<SolvedLayout> layout_for(const NegotiationInput& input, const Stretch& stretch,
                                const std::vector<Member>& members, const CommonFormat& format) {
  LayoutProblem problem{format.format, format.why, {}, input.page_size};
  problem.page_size.why = named(problem.page_size.why, "machine", "memory");
  if (stretch.given) problem.members.push_back(stretch.given);
  for (const Member& member : members) problem.members.push_back(&member.alternative->layout);
  return solve_layout(problem);
}

uint64_t saturating_mul(uint64_t a, uint64_t b) {
  return checked_mul(a, b).value_or(UINT64_MAX);
}

Solved<Share> try_format(const NegotiationInput& input, const Stretch& stretch,
                         const std::vector<Member>& members, const CommonFormat& format) {
  Share answer;
  Solved<SolvedLayout> layout = layout_for(input, stretch, members, format);
  if (!layout) return tl::unexpected<Conflict>(layout.error());
  Solved<HeapChoice> heap = choose_heap(
      {members, input.heaps, layout->alloc, stretch.copied_from || stretch.copied_into});
  if (!heap) return tl::unexpected<Conflict>(heap.error());
  Fact<uint64_t> page = input.page_size;
  page.why = named(page.why, "machine", "memory");
  Solved<Figure> align = merge_address_alignment(members, page);
  if (!align) return tl::unexpected<Conflict>(align.error());
  Solved<Figure> count = count_for(input, stretch, members, input.extra_buffers);
  if (!count) return tl::unexpected<Conflict>(count.error());
  for (const Member& member : members) answer.chosen.push_back(*member.alternative);
  answer.format = format;
  answer.layout = std::move(*layout);
  answer.heap = std::move(*heap);
  answer.align = std::move(*align);
  answer.count = std::move(*count);
  answer.cost.format_rank = format.rank;
  answer.cost.allocated_bytes = saturating_mul(answer.layout.alloc.value, answer.count.value);
  answer.cost.heap_rank = answer.heap.rank;
  answer.cost.modifier = static_cast<uint64_t>(format.modifier);
  if (answer.ingest()) {
    answer.cost.copied_bytes = payload_of(answer);
    answer.cost.copies = 1;
    answer.cost.ingest = 1;
  }
  return answer;
}

/// The way through all combinations, in rank order, with the best answer so far.
class Search {
 public:
  Search(const NegotiationInput& input, const Stretch& stretch)
      : input_(input), stretch_(stretch), index_(stretch.ports.size(), 0) {}

  Solved<Share> run() {
    size_t tried = 0;
    do {
      try_combination();
    } while (advance() && ++tried < most_combinations);
    if (best_) return std::move(*best_);
    return tl::unexpected<Conflict>(*first_conflict_);
  }

 private:
  void try_combination() {
    std::vector<Member> members;
    uint64_t rank = 0;
    for (size_t port = 0; port < index_.size(); ++port) {
      const Alternative& alternative = stretch_.ports[port]->alternatives[index_[port]];
      if (alternative.ingest_copy && !stretch_.may_ingest) return refuse_ingest(alternative);
      members.push_back({stretch_.ports[port], &alternative});
      rank += index_[port];
    }
    const bool linear = stretch_.copied_from || stretch_.copied_into;
    const auto formats = common_formats(members, {stretch_.format, linear, stretch_.format_why});
    if (!formats) return note(formats.error());
    for (const CommonFormat& format : *formats) {
      Solved<Share> answer = try_format(input_, stretch_, members, format);
      if (!answer) {
        note(answer.error());
        continue;
      }
      answer->cost.alternative_rank = rank;
      if (!best_ || answer->cost < best_->cost) best_ = std::move(*answer);
    }
  }

  void refuse_ingest(const Alternative& alternative) {
    note({alternative.ingest_copy->cause, {alternative.ingest_copy->why}, false});
  }

  void note(const Conflict& conflict) {
    if (!first_conflict_) first_conflict_ = conflict;
  }

  /// The last port's alternatives turn fastest.
  bool advance() {
    for (size_t port = index_.size(); port-- > 0;) {
      if (++index_[port] < stretch_.ports[port]->alternatives.size()) return true;
      index_[port] = 0;
    }
    return false;
  }

  const NegotiationInput& input_;
  const Stretch& stretch_;
  std::vector<size_t> index_;
  std::optional<Share> best_;
  std::optional<Conflict> first_conflict_;
};

}  // namespace

const IngestCopy* Share::ingest() const {
  for (const Alternative& alternative : chosen) {
    if (alternative.ingest_copy) return &*alternative.ingest_copy;
  }
  return nullptr;
}

Solved<Share> share(const NegotiationInput& input, const Stretch& stretch) {
  return Search(input, stretch).run();
}

Solved<Figure> count_in(const NegotiationInput& input, const Stretch& stretch) {
  std::vector<Member> members;
  for (const DomainPort* port : stretch.ports) {
    members.push_back({port, &port->alternatives.front()});
  }
  return count_for(input, stretch, members, std::nullopt);
}

uint64_t payload_of(const Share& share) {
  return payload_bytes(share.format.format, static_cast<uint32_t>(share.layout.width.value),
                       static_cast<uint32_t>(share.layout.height.value));
}

}  // namespace millrace
