// `given` of a test: rows of sources become records in the format that stands in for the source's
// own (json, or canal_json where rows may be updates and deletes); rows of lookups become tables. A
// value that is not of its column's type becomes what it would in production: a dead letter.
// Problems (an `op` that is none, a lookup's row without its key) are reported at their place.
// Everything is borrowed; one thread.
#pragma once

#include "config/diagnostic.hpp"
#include "formats/format_registry.hpp"
#include "spec/pipeline_spec.hpp"
#include "testing/test_world.hpp"

namespace sluice {

class GivenRows {
 public:
  GivenRows(const PipelineSpec& spec, const FormatRegistry& formats)
      : spec_(spec), formats_(formats) {}

  void put(const TestSpec& test, TestWorld& world, Diagnostics& diagnostics) const;
  // Whether the source's rows may be updates and deletes.
  bool is_changelog(const SourceSpec& source) const;

 private:
  const PipelineSpec& spec_;
  const FormatRegistry& formats_;
};

}  // namespace sluice
