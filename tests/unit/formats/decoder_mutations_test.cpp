// Damaged documents: whatever bytes come, nothing crashes, every record is accounted for, what was
// undamaged is read, and how a record fares does not depend on the batch it comes in.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

uint64_t seed() {
  const char* given = std::getenv("SLUICE_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }

  std::string mutate(std::string document) {
    const size_t changes = 1 + below(3);
    for (size_t i = 0; i < changes && !document.empty(); ++i) change(document);
    return document;
  }

 private:
  void change(std::string& document) {
    constexpr std::string_view telling = "{}[]\",:\\ 0-\x01\xff\xe5tn";
    const size_t at = below(document.size());
    const char byte =
        below(3) == 0 ? static_cast<char>(below(256)) : telling[below(telling.size())];
    switch (below(6)) {
      case 0:
        document[at] = byte;
        return;
      case 1:
        document.insert(at, 1, byte);
        return;
      case 2:
        document.erase(at, 1 + below(4));
        return;
      case 3:
        document.resize(at);
        return;
      case 4:
        document += document.substr(at);
        return;
      default:
        std::swap(document[at], document[below(document.size())]);
        return;
    }
  }

  std::mt19937_64 random_;
};

ScanBuilder scan() {
  ScanBuilder builder;
  builder.column("id", "text").column("t", "timestamptz").unit(TimeUnit::milliseconds);
  builder.column("n", "int", "a.n").column("amount", "numeric(9,2)").column("j", "jsonb");
  builder.column("kind", "text").column("a", "jsonb").event_time("t");
  return builder;
}

// One document a line; a format without samples fails.
std::vector<std::string> samples_of(const std::string& format) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/tests/unit/formats/samples/" + format +
                     ".jsonl");
  std::vector<std::string> documents;
  for (std::string line; std::getline(file, line);) documents.push_back(line);
  return documents;
}

// What became of each record: its rows and failures.
std::vector<std::string> fates(const Decoded& decoded, size_t record_count) {
  std::vector<std::string> fates(record_count);
  for (size_t row = 0; row < decoded.rows.size(); ++row) {
    const auto record = static_cast<size_t>(decoded.result.rows.meta().offset[row] - 100);
    fates[record] += decoded.rows[row] + "; ";
  }
  for (size_t i = 0; i < decoded.failures.size(); ++i) {
    const std::string& failure = decoded.failures[i];
    fates[decoded.result.failures[i].record] += failure.substr(failure.find(' ') + 1) + "; ";
  }
  return fates;
}

// Each record alone fares as it does in the batch.
void expect_independence(Decoder& decoder, const std::vector<std::string>& documents,
                         const Decoded& together) {
  const std::vector<std::string> expected = fates(together, documents.size());
  for (size_t i = 0; i < documents.size(); ++i) {
    PartitionClock clock{PartitionClock::Settings{}};
    Allowance allowance;
    DecodeResult result;
    ASSERT_TRUE(decoder.decode(records({documents[i]}), clock, allowance, result));
    ASSERT_EQ(fates(rendered(std::move(result)), 1).front(), expected[i])
        << documents[i] << "\nbefore " << (i + 1 < documents.size() ? documents[i + 1] : "nothing");
  }
}

class DamagedDocuments : public testing::TestWithParam<std::string> {};

TEST_P(DamagedDocuments, AreReadOrRefusedOneByOne) {
  const uint64_t used_seed = seed();
  std::cout << "SLUICE_TEST_SEED=" << used_seed << std::endl;
  const std::vector<std::string> samples = samples_of(GetParam());
  ASSERT_FALSE(samples.empty());
  Mutator mutator(used_seed);
  ScanBuilder builder = scan();
  for (int round = 0; round < 200 && !testing::Test::HasFatalFailure(); ++round) {
    const bool is_filtered = round % 2 == 0;
    builder.predicate(is_filtered ? all_of({builder.compare("kind", "=", "view"),
                                            builder.compare("amount", ">", "1")})
                                  : nullptr);
    std::vector<std::string> documents;
    for (size_t i = 0; i < 20; ++i) {
      const std::string& document = samples[mutator.below(samples.size())];
      documents.push_back(mutator.below(5) == 0 ? document : mutator.mutate(document));
    }
    const auto decoder = make_decoder(builder.build(), {.format = GetParam()});
    PartitionClock clock{PartitionClock::Settings{}};
    Allowance allowance;
    DecodeResult result;
    ASSERT_TRUE(decoder->decode(records(documents), clock, allowance, result));
    ASSERT_GE(result.rows_read + result.records_skipped, documents.size());
    expect_independence(*decoder, documents, rendered(std::move(result)));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, DamagedDocuments, testing::ValuesIn(formats().input_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace sluice
