// SPDX-License-Identifier: MIT
// Graph: owns stages and the links between them; no threads, no memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/graph/negotiation.h"
#include "engine/graph/stage.h"

namespace millrace {

class MILLRACE_API Graph {
 public:
  struct Node {
    std::string name;
    std::unique_ptr<Stage> stage;
  };

  /// Adds a stage under a name of its own. Errors: `usage` for a name that is taken.
  [[nodiscard]] Result<> add(std::string name, std::unique_ptr<Stage> stage);

  /// Links "stage.port" to "stage.port". Errors: `usage` for unknown ends, wrong directions, or an
  /// end that is linked already.
  [[nodiscard]] Result<> link(const std::string& from, const std::string& to,
                              Fact<uint64_t> queue_depth);

  /// Every stage's offer, upstream first, with names filled in. Errors: `usage` for a loop or a
  /// port without a link.
  [[nodiscard]] Result<std::vector<StageOffer>> describe() const;

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

  [[nodiscard]] const std::vector<LinkSpec>& links() const { return links_; }

  [[nodiscard]] Stage* stage(std::string_view name) const;

 private:
  std::vector<Node> nodes_;
  std::vector<LinkSpec> links_;
};

}  // namespace millrace
