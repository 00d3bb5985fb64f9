// SPDX-License-Identifier: MIT
// Random sequences of operations on a buffer's metas, against a list: what is there, in which
// order, with which values and flags, and that every meta dies once. MILLRACE_LONG=1 tries a
// hundred times more.
#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"
#include "tests/long_form.h"

namespace millrace {
namespace {

uint32_t sequences() {
  return test::in_long_form() ? 100'000 : 1'000;
}

/// What must be true of one meta. The kinds: crops lie inline, counted ones in the chain, and of
/// pictures the one with the lowest number comes first.
struct Model {
  enum class Kind { crop, counted, video } kind;
  uint32_t number;
  MetaFlags flags{};
};

uint32_t number_of(const MetaView& meta) {
  if (const auto* const crop = meta.as<CropMeta>()) return crop->x;
  if (const auto* const video = meta.as<VideoMeta>()) return video->id;
  return static_cast<uint32_t>(meta.as<CountedMeta>()->number);
}

CropMeta crop_of(uint32_t number) {
  return {number, 0, 1, 1};
}

CountedMeta counted_of(uint32_t number) {
  CountedMeta meta;
  meta.number = static_cast<int>(number);
  return meta;
}

VideoMeta video_of(uint32_t number) {
  static const VideoMeta small = nv12(4, 4);
  VideoMeta meta = small;
  meta.id = number;
  return meta;
}

class Sequence {
 public:
  explicit Sequence(uint32_t seed) : random_(seed) {}

  void run() {
    for (size_t left = pick(4); left != 0; --left) add();
    if (pick(2) == 0) take_to_pool();
    for (size_t left = 1 + pick(40); left != 0; --left) {
      step();
      if (testing::Test::HasFailure()) return;
    }
  }

 private:
  using Kind = Model::Kind;

  size_t pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }

  void step() {
    switch (pick(11)) {
      case 0:
      case 1:
        add();
        break;
      case 2:
        remove();
        break;
      case 3:
        set();
        break;
      case 4:
        remove_by_id();
        break;
      case 5:
        set_flags();
        break;
      case 6:
        remove_some();
        break;
      case 7:
        remove_tagged();
        break;
      case 8:
        if (pick(4) == 0) clear();
        break;
      default:
        if (pooled_) come_home();
    }
    compare();
  }

  void add() {
    const Model model{static_cast<Kind>(pick(3)),
                      next_number_++ % 7,
                      {.read_only = pick(5) == 0, .locked = pick(5) == 0}};
    EXPECT_TRUE(add(model));
    models_.push_back(model);
  }

  bool add(const Model& model) {
    if (model.kind == Kind::crop)
      return buffer_->add(crop_of(model.number), model.flags).has_value();
    if (model.kind == Kind::counted)
      return buffer_->add(counted_of(model.number), model.flags).has_value();
    if (model.flags == MetaFlags{}) {
      return buffer_->add(CheckedVideoMeta::create(video_of(model.number)).take()).has_value();
    }
    return buffer_->add(video_of(model.number), model.flags).has_value();
  }

  /// The one that `find` must give.
  std::vector<Model>::iterator first(Kind kind) {
    auto found = models_.end();
    for (auto model = models_.begin(); model != models_.end(); ++model) {
      if (model->kind != kind) continue;
      const bool before =
          kind == Kind::video && found != models_.end() && model->number < found->number;
      if (found == models_.end() || before) found = model;
    }
    return found;
  }

  void remove() {
    const auto kind = static_cast<Kind>(pick(3));
    Result<> removed;
    if (kind == Kind::crop) removed = buffer_->remove<CropMeta>();
    if (kind == Kind::counted) removed = buffer_->remove<CountedMeta>();
    if (kind == Kind::video) removed = buffer_->remove<VideoMeta>();
    const auto model = first(kind);
    EXPECT_EQ(removed.has_value(), model == models_.end() || !model->flags.locked);
    if (removed && model != models_.end()) models_.erase(model);
  }

  /// Pictures keep their number, which is what they are sorted by.
  void set() {
    const auto kind = static_cast<Kind>(pick(2));
    const auto model = first(kind);
    const uint32_t number = next_number_++ % 7;
    const bool set = kind == Kind::crop ? buffer_->set(crop_of(number)).has_value()
                                        : buffer_->set(counted_of(number)).has_value();
    EXPECT_EQ(set, model == models_.end() || !model->flags.read_only);
    if (model == models_.end()) {
      models_.push_back({kind, number});
    } else if (set) {
      model->number = number;
    }
  }

  /// Any one of them, and where the model has it.
  std::pair<uint64_t, std::vector<Model>::iterator> any() {
    const size_t index = pick(models_.size());
    uint64_t least = 0;
    for (size_t skipped = 0; skipped < index; ++skipped) {
      least = buffer_->metas().next(least)->id() + 1;
    }
    return {buffer_->metas().next(least)->id(), models_.begin() + static_cast<ptrdiff_t>(index)};
  }

  void remove_by_id() {
    if (models_.empty()) return;
    const auto [id, model] = any();
    const Result<> removed = buffer_->edit_metas().value()->remove(id);
    EXPECT_EQ(removed.has_value(), !model->flags.locked);
    if (removed) models_.erase(model);
  }

  void set_flags() {
    if (models_.empty()) return;
    const auto [id, model] = any();
    const MetaFlags flags{.read_only = pick(2) == 0, .locked = pick(2) == 0};
    const Result<> set = buffer_->edit_metas().value()->set_flags(id, flags);
    EXPECT_EQ(set.has_value(), !model->flags.pooled);
    if (set) model->flags = flags;
  }

  void remove_some() {
    const uint32_t below = static_cast<uint32_t>(pick(4));
    const auto is_wanted = [&](uint32_t number) { return number < below; };
    buffer_->edit_metas().value()->remove_if(
        [&](const MetaView& meta) { return is_wanted(number_of(meta)); });
    std::erase_if(models_, [&](const Model& model) {
      return is_wanted(model.number) && !model.flags.locked;
    });
  }

  /// Also locked ones, and the pool's, which are there again at the next loan.
  void remove_tagged() {
    const MetaTag tag = std::array{MetaTag::size, MetaTag::audio, MetaTag::memory}.at(pick(3));
    buffer_->edit_metas().value()->remove_tagged(tag);
    std::erase_if(models_, [&](const Model& model) {
      if (model.kind == Kind::crop) return CropMeta::facts.tags.has(tag);
      if (model.kind == Kind::video) return VideoMeta::facts.tags.has(tag);
      return CountedMeta::facts.tags.has(tag);
    });
  }

  void clear() {
    buffer_->edit_metas().value()->clear();
    models_.clear();
  }

  void take_to_pool() {
    buffer_->edit_metas().value()->pool_all();
    for (Model& model : models_) model.flags.pooled = model.flags.locked = true;
    pools_ = models_;
    pooled_ = true;
  }

  void come_home() {
    if (!buffer_->metas().is_home()) buffer_->edit_metas().value()->reset_to_pooled();
    EXPECT_TRUE(buffer_->metas().is_home());
    models_ = pools_;
  }

  void compare() {
    std::vector<Model> seen;
    for (const MetaView& meta : buffer_->metas().all()) {
      const Kind kind = meta.as<CropMeta>()    ? Kind::crop
                        : meta.as<VideoMeta>() ? Kind::video
                                               : Kind::counted;
      seen.push_back({kind, number_of(meta), meta.flags()});
    }
    EXPECT_TRUE(std::ranges::equal(seen, models_, [](const Model& a, const Model& b) {
      return a.kind == b.kind && a.number == b.number && a.flags == b.flags;
    }));
    EXPECT_EQ(buffer_->metas().count(), models_.size());
    const auto video = first(Kind::video);
    ASSERT_EQ(buffer_->video() != nullptr, video != models_.end());
    if (video != models_.end()) {
      EXPECT_EQ(buffer_->video()->id, video->number);
    }
  }

  std::mt19937 random_;
  Ref<Buffer> buffer_ = buffer_of(24);
  std::vector<Model> models_;
  std::vector<Model> pools_;  ///< what is there at each loan
  uint32_t next_number_ = 3;
  bool pooled_ = false;
};

TEST(MetaProperties, hold_for_any_sequence_of_operations) {
  for (uint32_t seed = 0; seed < sequences(); ++seed) {
    SCOPED_TRACE(seed);
    Sequence(seed).run();
    ASSERT_FALSE(HasFailure());
    ASSERT_EQ(CountedMeta::alive, 0);
  }
}

}  // namespace
}  // namespace millrace
