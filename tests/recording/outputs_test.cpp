// SPDX-License-Identifier: MIT
// Outputs that are no files: stdout, pipes, devices; and what is asked and run around a file.
#include <chrono>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <pty.h>

#include "tests/recording/clips.h"
#include "tests/recording/media.h"
#include "tests/recording/recording.h"

namespace millrace::recording {
namespace {

using namespace std::chrono_literals;

Words bars(const Words& more) {
  return with({"record", "-s", "test:bars", "--device", "software", "--size", "128x96"}, more);
}

/// `millrace ARGUMENTS SCRIPT`: the shell's script finds the command in "$@".
Outcome by_shell(const std::string& script, const Words& arguments,
                 const std::string& folder = {}) {
  Invocation invocation{.program = "bash", .folder = folder};
  invocation.arguments =
      with({"-c", "set -o pipefail; " + script, "bash", millrace_program}, arguments);
  return run(invocation);
}

TEST(Stdout, takes_a_recording_that_is_read_while_it_is_made) {
  for (const Words& container : {Words{}, Words{"--container", "mkv"}, Words{"--container", "fmp4"},
                                 Words{"--container", "h264"}}) {
    const Outcome outcome = by_shell(
        "\"$@\" | ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of "
        "csv=p=0 -",
        bars(with({"--frames", "40", "-o", "-"}, container)));
    expect_exit(outcome, 0);
    EXPECT_EQ(outcome.out, "40\n") << outcome;
    EXPECT_NE(outcome.err.find("40 delivered"), std::string::npos) << outcome;
  }
}

TEST(Stdout, holds_nothing_but_the_recording) {
  const TempFolder folder;
  for (const Words& more : {Words{}, Words{"--json"}, Words{"-v"}}) {
    const Outcome outcome = by_shell(
        "\"$@\" >out.mkv", bars(with({"--frames", "20", "-o", "-"}, more)), folder.path().string());
    expect_exit(outcome, 0);
    EXPECT_EQ(counters_of(decode(folder.file("out.mkv"))), consecutive(20));
  }
}

TEST(Stdout, is_known_under_every_name) {
  const TempFolder folder;
  const Outcome named =
      by_shell("\"$@\" >out.mkv", bars({"--frames", "5", "--overwrite", "always", "-o", "out.mkv"}),
               folder.path().string());
  expect_exit(named, 0);
  EXPECT_EQ(counters_of(decode(folder.file("out.mkv"))), consecutive(5));

  const Outcome messages = by_shell(
      "\"$@\" 2>err.mkv", bars({"--frames", "5", "--overwrite", "always", "-o", "err.mkv"}),
      folder.path().string());
  expect_exit(messages, 2);
  EXPECT_NE(read_bytes(folder.file("err.mkv")).find("stderr goes there"), std::string::npos);
}

TEST(Stdout, sends_the_summary_to_stderr_instead) {
  const Outcome outcome = by_shell(
      "\"$@\" >/dev/null", bars({"--frames", "20", "--json", "--quiet", "-o", "/dev/stdout"}));
  expect_exit(outcome, 0);
  const nlohmann::json summary = nlohmann::json::parse(outcome.err, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << outcome;
  EXPECT_EQ(summary["frames"]["delivered"], 20);
  EXPECT_EQ(summary["ended"], "limit");
}

TEST(Stdout, takes_no_plain_mp4) {
  const Outcome outcome =
      by_shell("\"$@\" | cat", bars({"--frames", "3", "-o", "-", "--container", "mp4"}));
  expect_exit(outcome, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("--container fmp4"), std::string::npos) << outcome;
}

TEST(Stdout, without_a_reader_ends_with_7) {
  const Outcome outcome = by_shell("\"$@\" | head -c 20000 >/dev/null",
                                   bars({"--qp", "1", "--keyint", "1", "-o", "-"}));
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("write stdout: Broken pipe"), std::string::npos) << outcome;
  EXPECT_NE(outcome.err.find("reader of the pipe has gone"), std::string::npos) << outcome;
}

TEST(Pipe, is_waited_for_until_somebody_reads) {
  const TempFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Child recorder({.arguments = bars({"--frames", "30", "-o", pipe})});
  ASSERT_TRUE(recorder.wait_for("waiting for a reader of the pipe " + pipe));

  const Outcome reader = run({.program = "ffprobe",
                              .arguments = {"-v", "error", "-count_frames", "-show_entries",
                                            "stream=nb_read_frames", "-of", "csv=p=0", pipe}});

  expect_exit(recorder.wait(), 0);
  EXPECT_EQ(reader.out, "30\n") << reader;
}

TEST(Pipe, whose_reader_stops_reading_is_given_up_at_a_signal) {
  const TempFolder folder;
  const std::string pipe = folder.file("pipe.mkv");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const UniqueFd stalled(open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Child recorder({.arguments = bars({"--qp", "1", "--keyint", "1", "-o", pipe})});
  // Until it is full: nothing more comes.
  for (int held = 0, before = -1; held == 0 || held != before;) {
    before = held;
    std::this_thread::sleep_for(500ms);
    ASSERT_EQ(ioctl(stalled.get(), FIONREAD, &held), 0);
  }

  recorder.send(SIGINT);

  const Outcome outcome = recorder.wait();
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("its reader does not read"), std::string::npos) << outcome;
}

TEST(Pipe, that_nobody_reads_is_given_up_at_a_signal) {
  const TempFolder folder;
  const std::string pipe = folder.file("pipe.mkv");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Child recorder({.arguments = bars({"-o", pipe})});
  ASSERT_TRUE(recorder.wait_for("waiting for a reader"));

  recorder.send(SIGINT);

  const Outcome outcome = recorder.wait();
  expect_exit(outcome, 5);
  EXPECT_NE(outcome.err.find("a stop was asked for"), std::string::npos) << outcome;
}

TEST(Socket, is_refused_and_not_waited_for) {
  const TempFolder folder;
  sockaddr_un address{.sun_family = AF_UNIX};
  const std::string path = folder.file("socket.mkv");
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const UniqueFd listening(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);

  const Outcome outcome = millrace(bars({"--frames", "5", "-o", path}));

  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("write " + path + ": it is a socket"), std::string::npos) << outcome;
}

TEST(Device, takes_a_recording_without_being_replaced) {
  expect_exit(millrace(bars({"--frames", "20", "-o", "/dev/null"})), 0);
  const Outcome full = millrace(bars({"--frames", "20", "-o", "/dev/full"}));
  expect_exit(full, 7);
  EXPECT_NE(full.err.find("No space left"), std::string::npos) << full;
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const Outcome wished = millrace(bars({"--frames", "3", "-o", "/dev/null", "--min-free", "1MiB",
                                        "--on-saved", "echo never run >&2"}));
  expect_exit(wished, 0);
  EXPECT_NE(wished.err.find("--on-saved is not run: /dev/null leaves no file"), std::string::npos)
      << wished;
  EXPECT_NE(wished.err.find("--min-free does nothing"), std::string::npos) << wished;
}

TEST(OnSaved, runs_with_the_finished_file) {
  const TempFolder folder;
  const Recording recording = record(
      folder, {.options = {"-s", "test:bars", "--size", "128x96", "--frames", "30", "--on-saved",
                           "cp \"$1\" copy.mkv; echo $MILLRACE_FRAMES "
                           "$MILLRACE_DURATION_SECONDS $MILLRACE_EXIT_CODE > told"}});
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/on_saved"), "ok");
  EXPECT_EQ(read_bytes(folder.file("told")), "30 1.000 0\n");
  EXPECT_EQ(read_bytes(folder.file("copy.mkv")), read_bytes(recording.path));
}

TEST(OnSaved, that_fails_is_noted_and_changes_nothing) {
  const TempFolder folder;
  const Recording recording =
      record(folder, {.options = {"-s", "test:bars", "--size", "128x96", "--frames", "5",
                                  "--on-saved", "exit 3"}});
  expect_exit(recording.outcome, 0);
  EXPECT_EQ(recording.text("/on_saved"), "failed");
  EXPECT_NE(recording.outcome.err.find("--on-saved exit 3: it ended with 3"), std::string::npos)
      << recording.outcome;
  EXPECT_EQ(facts_of(recording.path).frames, 5U);
}

TEST(OnSaved, hears_of_a_recording_that_broke_off_but_not_of_one_without_a_file) {
  const TempFolder folder;
  Order order{.options = {"-s", "test:bars", "--size", "128x96", "--on-saved",
                          "echo $MILLRACE_FRAMES $MILLRACE_EXIT_CODE > told"}};
  order.environment["MILLRACE_VA_KNOBS"] = "fail-at=11";
  const Recording broken = record(folder, order);
  expect_exit(broken.outcome, 1);
  EXPECT_EQ(broken.text("/ended"), "failure");
  EXPECT_EQ(read_bytes(folder.file("told")), "10 1\n");
  EXPECT_EQ(counters_of(decode(broken.path)), consecutive(10));

  const TempFolder empty;
  order.environment["MILLRACE_VA_KNOBS"] = "fail-at=1";
  expect_exit(record(empty, order).outcome, 1);
  EXPECT_EQ(empty.names(), Words{});
}

TEST(OnSaved, is_not_run_for_a_file_that_has_been_taken_away) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Child recorder({.arguments = bars({"--realtime", "--on-saved",
                                     "touch '" + folder.file("told") + "'", "-o", path})});
  while (!std::filesystem::exists(path)) std::this_thread::sleep_for(2ms);
  std::this_thread::sleep_for(300ms);
  std::filesystem::rename(path, folder.file("mine.mkv"));

  recorder.send(SIGINT);

  const Outcome outcome = recorder.wait();
  expect_exit(outcome, 7);
  EXPECT_NE(outcome.err.find("removed, renamed or replaced"), std::string::npos) << outcome;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(folder.names(), Words{"mine.mkv"});
}

TEST(OnSaved, that_hangs_is_ended_by_a_signal_after_the_summary) {
  const TempFolder folder;
  const std::string path = folder.file("out.mkv");
  Child recorder({.arguments = bars(
                      {"--frames", "5", "--on-saved", "echo begun >&2; sleep 1000", "-o", path})});
  ASSERT_TRUE(recorder.wait_for("begun"));
  EXPECT_NE(recorder.err().find("5 delivered"), std::string::npos) << recorder.err();

  recorder.send(SIGTERM);

  const Outcome outcome = recorder.wait();
  expect_exit(outcome, 0);
  EXPECT_NE(outcome.err.find("it was stopped"), std::string::npos) << outcome;
  EXPECT_EQ(outcome.err.find("finishing the file"), std::string::npos) << outcome;
}

/// Runs the program with a terminal for its stdin, stdout and stderr, on which `keys` are typed as
/// soon as `question` is there.
Outcome on_terminal(const Words& arguments, const std::string& question, const std::string& keys) {
  Words words = with({millrace_program}, arguments);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    execv(pointers.front(), pointers.data());
    _exit(127);
  }
  const UniqueFd keyboard(terminal);
  Outcome outcome;
  bool typed = false;
  char text[4096];
  // Once the other side has gone, reading fails with EIO.
  for (ssize_t count = 0; (count = read(terminal, text, sizeof text)) > 0;) {
    outcome.out.append(text, static_cast<size_t>(count));
    if (typed || outcome.out.find(question) == std::string::npos) continue;
    typed = write(terminal, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size());
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  return outcome;
}

struct Answer {
  std::string name;
  std::string keys;
  bool replaces;
};

class OverwriteAsk : public testing::TestWithParam<Answer> {};

TEST_P(OverwriteAsk, replaces_the_file_only_after_a_yes) {
  const TempFolder folder;
  const std::string path = folder.write("out.mkv", "precious");
  const Outcome outcome = on_terminal(bars({"--frames", "5", "--overwrite", "ask", "-o", path}),
                                      "[y/N]", GetParam().keys);
  EXPECT_NE(outcome.out.find(path + " exists. Replace it? [y/N]"), std::string::npos) << outcome;
  expect_exit(outcome, GetParam().replaces ? 0 : 5);
  if (GetParam().replaces) {
    EXPECT_EQ(facts_of(path).frames, 5U);
  } else {
    EXPECT_EQ(read_bytes(path), "precious");
    EXPECT_NE(outcome.out.find("is to stay"), std::string::npos) << outcome;
  }
}

INSTANTIATE_TEST_SUITE_P(With, OverwriteAsk,
                         testing::Values(Answer{"yes", "y\n", true}, Answer{"no", "n\n", false},
                                         Answer{"nothing", "\n", false},
                                         Answer{"the_end_of_input", "\x04", false},
                                         Answer{"something_else", "always\n", false}),
                         [](const auto& one) { return one.param.name; });

TEST(OverwriteAskWithoutTerminal, is_refused_with_the_reason) {
  const TempFolder folder;
  const std::string path = folder.write("out.mkv", "precious");
  const Outcome outcome = millrace(bars({"--frames", "5", "--overwrite", "ask", "-o", path}));
  expect_exit(outcome, 2);
  EXPECT_NE(outcome.err.find("no terminal to ask on"), std::string::npos) << outcome;
  EXPECT_EQ(read_bytes(path), "precious");
}

TEST(Terminal, gets_no_recording) {
  const Outcome outcome = on_terminal(bars({"--frames", "5", "-o", "-"}), "never asked", "");
  expect_exit(outcome, 2);
  EXPECT_NE(outcome.out.find("stdout: it is a terminal"), std::string::npos) << outcome;
  const Outcome named =
      on_terminal(bars({"--frames", "5", "-o", "/dev/tty", "--container", "mkv"}), "never", "");
  expect_exit(named, 2);
  EXPECT_NE(named.out.find("/dev/tty: it is a terminal"), std::string::npos) << named;
}

}  // namespace
}  // namespace millrace::recording
