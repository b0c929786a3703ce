// A pipeline file of any bytes: read, checked, planned and compiled, or refused with problems.
#include <string>

#include "base/assert.hpp"
#include "fuzz/fuzz_target.hpp"
#include "pipeline/prepare.hpp"
#include "pipeline/registry.hpp"
#include "support/fake_filesystem.hpp"

namespace sluice {
namespace {

const Registry& registry() {
  static const std::unique_ptr<const Registry> made = make_registry();
  return *made;
}

}  // namespace
}  // namespace sluice

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluice;
  test::FakeFilesystem filesystem;
  PrepareRequest request;
  request.registry = &registry();
  request.filesystem = &filesystem;
  request.variable = [](const std::string& name) -> std::optional<std::string> { return name; };
  Diagnostics diagnostics;
  const PrepareResult result = prepare_pipeline_text(
      "fuzzed.yaml", std::string(reinterpret_cast<const char*>(data), size), request, diagnostics);
  SLUICE_ASSERT((result.pipeline != nullptr) != diagnostics.has_errors(), "a pipeline or errors");
  static_cast<void>(diagnostics.sorted());
  return 0;
}
