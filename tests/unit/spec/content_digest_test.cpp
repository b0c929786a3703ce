#include "spec/content_digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/document.hpp"

namespace sluice {
namespace {

uint64_t digest(const std::string& text, const std::string& connections = "{}") {
  Diagnostics diagnostics;
  const Node root = parse_yaml(SourceText("p.yaml", text), diagnostics);
  const Node values = parse_yaml(SourceText("c.yaml", connections), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << text;
  return content_digest({root}, {values});
}

const std::string base = "version: 1\npipeline: p\nsteps:\n  a: {sql: SELECT 1}\n";

TEST(ContentDigest, CommentsLayoutAndTestsDoNotCount) {
  for (const std::string& same : std::vector<std::string>{
           "# said\n" + base, "version: 1\npipeline: p\nsteps: {a: {sql: SELECT 1}}\n",
           base + "tests:\n  one: {given: {}}\n", base + "connections: {c: {password: x}}\n"}) {
    EXPECT_EQ(digest(same), digest(base)) << same;
  }
}

TEST(ContentDigest, WhatIsSaidCounts) {
  for (const std::string& other : std::vector<std::string>{
           "version: 1\npipeline: q\nsteps:\n  a: {sql: SELECT 1}\n",
           "version: 1\npipeline: p\nsteps:\n  b: {sql: SELECT 1}\n",
           "version: 1\npipeline: p\nsteps:\n  a: {sql: SELECT 2}\n",
           "version: 1\npipeline: p\nsinks:\n  a: {sql: SELECT 1}\n",
           "version: 1\npipeline: p\nsteps:\n  a: {sql: SELECT 1, on_error: drop}\n"}) {
    EXPECT_NE(digest(other), digest(base)) << other;
  }
  EXPECT_NE(digest("pipeline: p\nsteps: {a: [x, yz]}"), digest("pipeline: p\nsteps: {a: [xy, z]}"));
  EXPECT_NE(digest("pipeline: p\nsteps: {a: \"1\"}"), digest("pipeline: p\nsteps: {a: 1}"));
}

TEST(ContentDigest, ValuesOfConnectionsCount) {
  EXPECT_EQ(digest(base, "{brokers: here} # said"), digest(base, "{brokers: here}"));
  EXPECT_NE(digest(base, "{brokers: there}"), digest(base, "{brokers: here}"));
}

TEST(ContentDigest, PlaceAmongTheFilesDoesNotCount) {
  Diagnostics diagnostics;
  const auto read = [&](const std::string& text) {
    return parse_yaml(SourceText("p.yaml", text), diagnostics);
  };
  const std::vector<Node> parts = {read("pipeline: p"), read("steps:\n  a: {sql: SELECT 1}\n")};
  EXPECT_NE(content_digest(parts, {}), content_digest({parts[0]}, {}));
  const Node whole = read("pipeline: p\nsteps:\n  a: {sql: SELECT 1}\n");
  EXPECT_EQ(content_digest(parts, {}), content_digest({whole}, {}));
}

}  // namespace
}  // namespace sluice
