// SPDX-License-Identifier: MIT
// BufferMachine: a few buffers that share a few memories, their models beside them, and random
// operations on both. Each step checks that they did the same.
#pragma once

#include <array>
#include <list>
#include <optional>
#include <random>
#include <vector>

#include <variant>

#include "tests/engine/memory/buffer_model.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {

using model::MemoryRef;

class BufferMachine {
 public:
  explicit BufferMachine(uint32_t seed) : random_(seed) {}

  /// Does something; a fatal failure of the test says that it went another way than the model.
  void step();

 private:
  struct KnownMemory {
    Ref<Memory> real;
    MemoryRef model;
  };

  struct Live {
    Ref<Buffer> real;
    model::Buffer model;
    std::vector<Ref<Buffer>> held{};

    [[nodiscard]] bool sole() const { return held.empty(); }
  };

  struct View {
    std::variant<ReadView, WriteView> real;
    MemoryRef model;
  };

  size_t below(size_t bound);
  bool one_in(size_t times);
  std::optional<Live>& any_slot();
  static void must(bool done);
  static void must_not(bool done);

  // --- memories
  // -----------------------------------------------------------------------------------

  KnownMemory fresh();
  /// A new memory is what it is; slack holds whatever was there.
  static KnownMemory adopt(Ref<Memory> real);
  KnownMemory any_memory();
  void share();
  void forget();

  // --- buffers
  // ------------------------------------------------------------------------------------

  void create();
  void insert();
  void remove();
  void replace();
  static void replace_in(model::Buffer& buffer, size_t first, size_t count, const MemoryRef& by);
  void resize();
  void hold();

  // --- copies
  // -------------------------------------------------------------------------------------

  /// What a copy should show, and how many bytes it moves until it is done or fails.
  struct Copied {
    bool done = true;
    model::Buffer buffer{};
  };

  Copied copy_of(const model::Buffer& from, const CopyParams& how);
  Copied merged(const model::Buffer& from, size_t offset, size_t size);
  MemoryRef moved(const std::string& text);
  static MemoryRef with(const std::string& text);
  /// Where a copy's own memories begin in their blocks, and their slack, are the allocator's to
  /// say.
  static void learn(model::Buffer& model, const Buffer& real);
  CopyParams any_params(const model::Buffer& from);
  /// Makes the size one of bytes; false where there are not as many.
  static bool fits(const model::Buffer& from, CopyParams& params);
  void copy();
  void copy_over();
  void give_own();
  void merge();

  // --- bytes and views
  // ----------------------------------------------------------------------------

  struct Part {
    size_t offset;
    size_t size;
    std::vector<model::Run> runs;
  };

  /// Some bytes, perhaps more than there are; the runs are of those that there are.
  Part any_part(const model::Buffer& buffer);
  static size_t bytes_in(const std::vector<model::Run>& runs);
  void write();
  void extract();
  void compare();
  static bool may_be_read(const model::Run& piece);
  void open();
  void open_reader(const Live& live, const std::optional<model::Run>& piece);
  void open_writer(Live& live, const std::optional<model::Run>& piece);
  void close_view();

  // --- after every step
  // ---------------------------------------------------------------------------

  void check() const;
  static void check_buffer(const Live& live);

  std::mt19937 random_;
  SystemAllocator allocator_;
  observe::Ledger ledger_;
  observe::Ledger::Account& account_ =
      ledger_.open(observe::MoveKind::copy, "a -> b", "test", "cpu");
  const CopyInto into_{allocator_, account_};
  uint64_t booked_ = 0;
  std::vector<KnownMemory> memories_;
  std::array<std::optional<Live>, 4> slots_;
  std::list<View> views_;
};

}  // namespace millrace
