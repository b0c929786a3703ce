#include <gtest/gtest.h>

#include "connectors/file/file_fixture.hpp"

namespace sluice::test {
namespace {

class FilePublisher_ : public testing::Test {
 protected:
  std::unique_ptr<Publisher> publisher(const std::string& owner,
                                       const std::string& target = "default.trade.out.0") {
    const Options connection = options_of(world_.connector->connection_options(), "{path: /data}");
    auto made = world_.connector->make_publisher(
        {world_.environment(), &connection, {target, "u1", owner}});
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }
  Result<Marker> start(Publisher& publisher) {
    SLUICE_ASSIGN(const auto found, publisher.look());
    return publisher.claim(found);
  }
  // One line for each of two files: "N" and "n".
  static Result<PublishOutcome> publish(Publisher& publisher, const Marker& after, uint64_t epoch) {
    MemoryOperations operations({{0, std::to_string(epoch)}, {1, "n" + std::to_string(epoch)}});
    PublishRequest request;
    request.after = after;
    request.epoch = Epoch(epoch);
    request.checksum = 100 + epoch;
    request.sinks = {"file 1 a.jsonl", "file 1 sub/b.jsonl"};
    request.operations = &operations;
    return publisher.publish(request);
  }
  static Marker marker(const std::string& owner, uint64_t epoch) {
    return {"u1", owner, Epoch(epoch), epoch == 0 ? 0 : 100 + epoch, 0, 0};
  }
  // What epochs 1..n leave, or another text for what is torn.
  void expect_epochs(uint64_t count, const std::string& where) {
    std::string a;
    std::string b;
    for (uint64_t epoch = 1; epoch <= count; ++epoch) {
      a += std::to_string(epoch) + "\n";
      b += "n" + std::to_string(epoch) + "\n";
    }
    EXPECT_EQ(world_.files.content("/data/a.jsonl"), a) << where;
    EXPECT_EQ(world_.files.content("/data/sub/b.jsonl"), b) << where;
  }

  FileWorld world_;
};

TEST_F(FilePublisher_, PublishesEpochAfterEpoch) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  for (uint64_t epoch = 1; epoch <= 3; ++epoch) {
    const auto published = publish(*first, marker("o1", epoch - 1), epoch);
    ASSERT_TRUE(published.has_value()) << published.error().to_string();
    EXPECT_EQ(*published, PublishOutcome::published);
  }
  expect_epochs(3, "three epochs");
  const auto found = publisher("o2")->look();
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->epoch, Epoch(3));
  EXPECT_EQ((*found)->checksum, 103u);
  EXPECT_EQ((*found)->owner, "o1");
}

TEST_F(FilePublisher_, KeepsWhatAFileHeldBefore) {
  world_.write("/data/a.jsonl", "older\n");
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  EXPECT_EQ(world_.files.content("/data/a.jsonl"), "older\n1\n");
}

// Faults at every single operation of claim and publish, with the power lost afterwards: a new
// process finds the epoch whole or not at all, and goes on.
TEST_F(FilePublisher_, CrashAtEveryStepLeavesNoTornEpoch) {
  bool was_reached = true;
  for (uint64_t step = 1; was_reached; ++step) {
    for (const uint64_t kept_bytes : {0, 1, 1000}) {
      world_.files.lose_power();
      for (const char* path :
           {"/data/a.jsonl", "/data/sub/b.jsonl", "/data/.sluice-default.trade.out.0.marker"})
        static_cast<void>(world_.files.remove(path));
      const std::string where =
          "step " + std::to_string(step) + ", kept " + std::to_string(kept_bytes);
      const auto first = publisher("o1");
      ASSERT_TRUE(start(*first).has_value()) << where;
      ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value()) << where;
      world_.files.fail_from(world_.files.operations() + step);
      const auto published = publish(*first, marker("o1", 1), 2);
      const bool is_published = published && *published == PublishOutcome::published;
      was_reached = !is_published;
      const uint64_t shown = is_published ? 2 : 1;
      world_.files.lose_power(kept_bytes, [&](const std::string&) { return kept_bytes > 0; });

      const auto second = publisher("o2");
      const auto claimed = start(*second);
      ASSERT_TRUE(claimed.has_value()) << where << claimed.error().to_string();
      ASSERT_GE(claimed->epoch.value, shown) << where;
      expect_epochs(claimed->epoch.value, where);
      if (claimed->epoch.value == 1) {
        ASSERT_TRUE(publish(*second, marker("o2", 1), 2).has_value()) << where;
      }
      expect_epochs(2, where);
    }
  }
}

TEST_F(FilePublisher_, FailedAttemptIsRepeatedByTheSameProcess) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  world_.files.fail_nth(FileOperation::append, 3);  // the marker's entry of new files, a, then b
  ASSERT_FALSE(publish(*first, marker("o1", 0), 1).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  expect_epochs(1, "again");
}

TEST_F(FilePublisher_, DoubtfulMarkerIsResolved) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  world_.files.fail_nth(FileOperation::sync_directory, 1);  // after the rename of the marker
  const auto published = publish(*first, marker("o1", 1), 2);
  ASSERT_TRUE(published.has_value());
  EXPECT_EQ(*published, PublishOutcome::unknown);
  const auto resolved = first->resolve();
  ASSERT_TRUE(resolved.has_value());
  EXPECT_EQ(resolved->epoch, Epoch(2));
  world_.files.lose_power();
  expect_epochs(2, "after a power cut");
}

TEST_F(FilePublisher_, AnOlderOwnerIsFenced) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  const auto second = publisher("o2");
  ASSERT_TRUE(start(*second).has_value());
  const auto late = publish(*first, marker("o1", 0), 1);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::fenced);
  EXPECT_EQ(first->resolve().error().code, ErrorCode::fenced);
  EXPECT_TRUE(publish(*second, marker("o2", 0), 1).has_value());
  expect_epochs(1, "the new owner's");
}

TEST_F(FilePublisher_, RefusesAMarkerThatIsNotWhereItWasLeft) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  const auto published = publish(*first, marker("o1", 4), 5);
  ASSERT_FALSE(published.has_value());
  EXPECT_EQ(published.error().code, ErrorCode::target_refused);
}

TEST_F(FilePublisher_, RefusesAFileThatLostRows) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  world_.write("/data/a.jsonl", "");
  const auto claimed = start(*publisher("o2"));
  ASSERT_FALSE(claimed.has_value());
  EXPECT_EQ(claimed.error().code, ErrorCode::target_refused);
}

TEST_F(FilePublisher_, RefusesADamagedMarker) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  const std::string path = "/data/.sluice-default.trade.out.0.marker";
  const std::string whole = world_.files.content(path);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    world_.files.corrupt(path, damaged);
    EXPECT_FALSE(first->look().has_value()) << "byte " << i;
    world_.files.corrupt(path, whole.substr(0, i));
    EXPECT_FALSE(first->look().has_value()) << "cut at " << i;
  }
}

TEST_F(FilePublisher_, RefusesTheFileOfAnotherPipeline) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  const auto other = publisher("o2", "default.other.out.0");
  ASSERT_TRUE(start(*other).has_value());
  const auto published = publish(*other, marker("o2", 0), 1);
  ASSERT_FALSE(published.has_value());
  EXPECT_EQ(published.error().code, ErrorCode::target_refused);
  expect_epochs(1, "untouched");
}

TEST_F(FilePublisher_, AFolderThatDoesNotExistIsNamed) {
  const Options connection = options_of(world_.connector->connection_options(), "{path: /none}");
  const auto made =
      world_.connector->make_publisher({world_.environment(), &connection, {"t", "u1", "o1"}});
  const auto found = (*made)->look();
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, ErrorCode::target_unsuitable);
}

TEST_F(FilePublisher_, WriteThroughSurvivesALaterExactlyOnceRun) {
  const auto first = publisher("o1");
  ASSERT_TRUE(start(*first).has_value());
  ASSERT_TRUE(publish(*first, marker("o1", 0), 1).has_value());
  const auto direct = publisher("o2");
  ASSERT_TRUE(direct->write_through(0, "file 1 a.jsonl", "through").has_value());
  ASSERT_TRUE(direct->flush().has_value());
  world_.files.lose_power();
  const auto third = publisher("o3");
  ASSERT_TRUE(start(*third).has_value());
  EXPECT_EQ(world_.files.content("/data/a.jsonl"), "1\nthrough\n");
}

}  // namespace
}  // namespace sluice::test
