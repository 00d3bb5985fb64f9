// SPDX-License-Identifier: MIT
#include "tests/hw/vaapi/va_trace.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace millrace::vaapi::testing {
namespace {

constexpr std::string_view ret = " ret = ";

/// Without "[time][ctx …]", tabs and blanks around.
std::string content_of(const std::string& line) {
  size_t start = 0;
  while (start < line.size() && line[start] == '[') {
    const size_t end = line.find(']', start);
    if (end == std::string::npos) break;
    start = end + 1;
  }
  start = line.find_first_not_of(" \t", start);
  if (start == std::string::npos) return {};
  return line.substr(start, line.find_last_not_of(" \t\n") - start + 1);
}

/// Calls that libva makes by itself in order to print the buffers of a vaRenderPicture.
bool is_of_the_tracer(const std::string& name) {
  return name == "vaBufferInfo" || name == "vaMapBuffer" || name == "vaUnmapBuffer";
}

class Reader {
 public:
  void read(const std::string& line) {
    const std::string content = content_of(line);
    if (content.starts_with("=====")) {
      read_rule(content.substr(content.find_first_not_of('=')));
    } else if (const size_t equals = content.find('='); equals != std::string::npos) {
      read_field(content.substr(0, equals), content.substr(equals + 1));
    } else if (!content.empty()) {
      call_.marks.push_back(content);
    }
  }

  std::vector<TracedCall> take() { return std::move(calls_); }

 private:
  void read_rule(const std::string& rule) {
    if (rule == "va_TraceRenderPicture") rendering_ = true;
    const size_t at = rule.find(ret);
    if (at == std::string::npos) return;
    call_.name = rule.substr(0, at);
    if (rendering_ && is_of_the_tracer(call_.name)) return;
    call_.succeeded = rule.find("VA_STATUS_SUCCESS") != std::string::npos;
    calls_.push_back(std::exchange(call_, {}));
    rendering_ = false;
  }

  void read_field(std::string name, std::string value) {
    const auto trim = [](std::string& text) {
      const size_t first = text.find_first_not_of(' ');
      text = first == std::string::npos
                 ? std::string()
                 : text.substr(first, text.find_last_not_of(' ') - first + 1);
    };
    trim(name);
    trim(value);
    call_.fields.emplace_back(std::move(name), std::move(value));
  }

  bool rendering_ = false;
  TracedCall call_;
  std::vector<TracedCall> calls_;
};

}  // namespace

std::vector<std::string> TracedCall::texts(std::string_view field) const {
  std::vector<std::string> found;
  for (const auto& [key, value] : fields) {
    if (key == field) found.push_back(value);
  }
  return found;
}

std::optional<std::string> TracedCall::text(std::string_view field) const {
  const std::vector<std::string> found = texts(field);
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::optional<unsigned long> TracedCall::number(std::string_view field) const {
  const std::optional<std::string> found = text(field);
  if (!found) return std::nullopt;
  return std::strtoul(found->c_str(), nullptr, 0);
}

bool TracedCall::has_mark(std::string_view mark) const {
  return std::find(marks.begin(), marks.end(), mark) != marks.end();
}

VaTrace::VaTrace() {
  std::string pattern = (std::filesystem::temp_directory_path() / "millrace-trace-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  ::setenv("LIBVA_TRACE", (folder_ / "va").c_str(), 1);
}

VaTrace::~VaTrace() {
  ::unsetenv("LIBVA_TRACE");
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<TracedCall> VaTrace::calls() const {
  Reader reader;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) reader.read(line);
  }
  return reader.take();
}

std::vector<TracedCall> named(const std::vector<TracedCall>& calls, std::string_view name) {
  std::vector<TracedCall> found;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(found),
               [name](const TracedCall& call) { return call.name == name; });
  return found;
}

}  // namespace millrace::vaapi::testing
