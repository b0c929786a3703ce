#include "runtime/hash_router.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "support/test_rows.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(HashRouterTest, Route_SendsEveryRowOfAKeyToOneTask) {
  const SchemaPtr schema = test::schema_of("k text, v int");
  std::string lines;
  for (int i = 0; i < 60; ++i)
    lines += "k" + std::to_string(i % 20) + " | " + std::to_string(i) + "\n";
  const RecordBatch batch = test::read_rows(schema, lines);
  HashRouter router(*schema, {0}, 3);
  std::map<std::string, size_t> task_of_key;
  size_t rows = 0;
  const std::vector<RecordBatch> parts = router.route(batch);
  for (size_t task = 0; task < parts.size(); ++task) {
    EXPECT_FALSE(parts[task].empty()) << "no key fell to task " << task;
    for (size_t row = 0; row < parts[task].rows(); ++row) {
      const std::string key(parts[task].column(0).values<std::string_view>()[row]);
      EXPECT_EQ(task_of_key.try_emplace(key, task).first->second, task) << key;
      ++rows;
    }
  }
  EXPECT_EQ(rows, 60U);
}

TEST(HashRouterTest, Route_LeavesBehindTheDocumentsThatRowsCameIn) {
  const SchemaPtr schema = test::schema_of("k text, note text");
  const auto document = std::make_shared<Arena>();
  ColumnBuilder keys(Type{TypeKind::text});
  ColumnBuilder notes(Type{TypeKind::text});
  const std::string_view text = document->copy("a of a document of a megabyte");
  document->reserve(1024 * 1024);
  keys.append(text.substr(0, 1));
  keys.keep(document);
  notes.append_null();
  RecordBatch batch(schema, {keys.finish(), notes.finish()}, 1);
  EXPECT_GE(batch.allocated_bytes(), 1024U * 1024U);
  std::vector<RecordBatch> parts = HashRouter(*schema, {0}, 2).route(batch);
  const RecordBatch& part = parts[0].empty() ? parts[1] : parts[0];
  EXPECT_THAT(test::row_texts(part), ElementsAre("+I a|NULL"));
  EXPECT_LT(part.allocated_bytes(), 1024U);
}

}  // namespace
}  // namespace sluice
