// SPDX-License-Identifier: MIT
#include "engine/graph/heap_choice.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "engine/graph/offer_names.h"

namespace millrace {
namespace {

/// The one heap of a machine whose memory is contiguous.
constexpr std::string_view contiguous_heap = "dma-heap:cma";

struct Candidate {
  std::string name;
  const Member* lender = nullptr;     ///< who lends it; null: a heap of the machine
  const HeapFact* machine = nullptr;  ///< or which heap of the machine
};

bool names_heap(const Alternative& alternative, const std::string& heap) {
  const auto& heaps = alternative.memory.heaps;
  return heaps.empty() || std::ranges::find(heaps, heap, &Fact<std::string>::value) != heaps.end();
}

bool is_machine_heap(const HeapNeeds& needs, const std::string& name) {
  return std::ranges::find(needs.machine, name, &HeapFact::name) != needs.machine.end();
}

std::vector<Candidate> candidates_of(const HeapNeeds& needs) {
  std::vector<Candidate> candidates;
  for (const Member& member : needs.members) {
    if (!member.port->port->role.may_allocate && !member.alternative->lends) continue;
    const auto& heaps = member.alternative->memory.heaps;
    const bool owner = &member == &needs.members.front();
    if (heaps.empty()) candidates.push_back({owner ? "" : member.port->name(), &member, nullptr});
    for (const auto& heap : heaps) {
      if (!is_machine_heap(needs, heap.value)) candidates.push_back({heap.value, &member, nullptr});
    }
  }
  for (const HeapFact& heap : needs.machine) candidates.push_back({heap.name, nullptr, &heap});
  return candidates;
}

Conflict against(std::string what, const Provenance& why) {
  return {std::move(what), {why}, false};
}

Provenance role_of(const Member& member, std::string raw) {
  return {member.port->stage->stage, member.port->port->name, Origin::documented, std::move(raw),
          true};
}

bool uses_the_cpu(const Member& member) {
  const observe::CpuAccess& always = member.port->port->cpu;
  const observe::CpuAccess& so = member.alternative->cpu;
  return always.read || always.write || so.read || so.write;
}

std::optional<Conflict> address_is_lost(const Candidate& heap, const Member& member) {
  const OptionalFlag& must_stay = member.alternative->memory.address_must_stay;
  if (!heap.lender || !must_stay || !must_stay->value) return std::nullopt;
  const OptionalFlag& moves = heap.lender->alternative->memory.moves_between_windows;
  if (!moves || !moves->value) return std::nullopt;
  Conflict found = against(member.port->name() + " reaches frames after its CPU window, when " +
                               "they are mapped no longer",
                           must_stay->why);
  found.why.push_back(moves->why);
  return found;
}

std::optional<Conflict> member_refuses(const Candidate& heap, const Member& member) {
  const MemoryConstraints& memory = member.alternative->memory;
  const bool own = heap.lender == &member;
  if (!own && !member.port->port->role.may_import) {
    return against(member.port->name() + " takes no foreign memory",
                   role_of(member, "the port may not import"));
  }
  if (!names_heap(*member.alternative, heap.name)) {
    return against(fmt::format("{} does not take it", member.port->name()),
                   memory.heaps.front().why);
  }
  if (own) return std::nullopt;
  if (auto lost = address_is_lost(heap, member)) return lost;
  const bool wants_contiguous = memory.contiguous && memory.contiguous->value != Contiguity::none;
  if (wants_contiguous && heap.name != contiguous_heap) {
    return against(member.port->name() + " needs contiguous memory", memory.contiguous->why);
  }
  const auto& window = memory.address_window;
  if (window && (window->value.first != 0 || window->value.last != UINT64_MAX)) {
    return against(member.port->name() + " needs memory in an address window", window->why);
  }
  return std::nullopt;
}

std::optional<Conflict> cpu_cannot_reach(const HeapNeeds& needs) {
  const auto unmappable = std::ranges::find_if(needs.members, [](const Member& member) {
    const auto& cost = member.alternative->memory.cpu_read_cost;
    return cost && cost->value == CpuReadCost::unmappable;
  });
  if (unmappable == needs.members.end()) return std::nullopt;
  const Provenance& why = unmappable->alternative->memory.cpu_read_cost->why;
  if (needs.cpu_copy) return against("the CPU cannot reach it to copy", why);
  const auto cpu_user = std::ranges::find_if(needs.members, uses_the_cpu);
  if (cpu_user == needs.members.end()) return std::nullopt;
  Conflict found =
      against(cpu_user->port->name() + " needs the CPU to reach it, which it cannot", why);
  found.why.push_back(role_of(*cpu_user, "the stage opens CPU windows on this port"));
  return found;
}

std::optional<Conflict> refusal(const HeapNeeds& needs, const Candidate& heap) {
  if (heap.machine && needs.alloc.value > heap.machine->largest) {
    return against(
        fmt::format("{} bytes exceed its limit of {}", needs.alloc.value, heap.machine->largest),
        named(heap.machine->why, "machine", heap.name));
  }
  for (const Member& member : needs.members) {
    if (auto refused = member_refuses(heap, member)) return refused;
  }
  return cpu_cannot_reach(needs);
}

std::string shown_name(const Candidate& heap) {
  if (!heap.lender) return heap.name;
  const std::string lender = heap.lender->port->name();
  return heap.name.empty() ? "memory of " + lender : fmt::format("{} of {}", heap.name, lender);
}

std::string reason_for(const Candidate& heap, const std::string& passed) {
  std::string reason = heap.lender ? fmt::format("lent by {}", heap.lender->port->name())
                                   : "first heap that every member takes";
  return passed.empty() ? reason : reason + "; not " + passed;
}

}  // namespace

Solved<HeapChoice> choose_heap(const HeapNeeds& needs) {
  const std::vector<Candidate> candidates = candidates_of(needs);
  std::string passed;
  Provenances why;
  for (size_t rank = 0; rank < candidates.size(); ++rank) {
    const std::optional<Conflict> refused = refusal(needs, candidates[rank]);
    if (!refused) {
      return HeapChoice{candidates[rank].name, reason_for(candidates[rank], passed), rank};
    }
    passed += fmt::format("{}{} ({})", passed.empty() ? "" : ", ", shown_name(candidates[rank]),
                          refused->what);
    add_reasons(why, refused->why);
  }
  if (why.empty()) why.push_back(role_of(needs.members.front(), "no heap is known here"));
  return conflict(passed.empty() ? "no heap is known here" : "no heap serves: " + passed,
                  std::move(why));
}

Solved<Figure> merge_address_alignment(const std::vector<Member>& members,
                                       const Fact<uint64_t>& page_size) {
  Facts asked;
  for (const Member& member : members) {
    const auto& align = member.alternative->memory.address_align;
    if (align) asked.push_back(*align);
  }
  Solved<Figure> merged = merge_alignments(asked, "address");
  if (!merged) return merged;
  // Every buffer starts on a page of its own.
  if (page_size.value % merged->value == 0) {
    return merged->value > 1 ? *merged : Figure{page_size.value, {page_size.why}};
  }
  Provenances why = merged->why;
  add_reasons(why, {page_size.why});
  return conflict(fmt::format("address: a multiple of {} is wanted, buffers start on pages of {}",
                              merged->value, page_size.value),
                  std::move(why));
}

}  // namespace millrace
