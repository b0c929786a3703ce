#include "diagnostics/validate_text.hpp"

#include <algorithm>

#include "pipeline/prepare.hpp"
#include "pipeline/registry.hpp"

namespace sluice {

namespace {

// Names in messages stay short wherever the corpus lies.
std::string without_folder(std::string text, const std::string& folder) {
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.erase(at, folder.size());
  }
  return text;
}

const SourceText& file_of(const Diagnostic& diagnostic, const std::vector<SourceText>& files) {
  const auto found = std::find_if(
      files.begin(), files.end(),
      [&diagnostic](const SourceText& file) { return file.name() == diagnostic.location.file; });
  return found == files.end() ? files.front() : *found;
}

const Registry& product_registry() {
  static const std::unique_ptr<const Registry> registry = make_registry();
  return *registry;
}

}  // namespace

std::string validate_text(const std::string& folder, const std::string& text) {
  const std::unique_ptr<Filesystem> filesystem = make_posix_filesystem();
  PrepareRequest request;
  request.registry = &product_registry();
  request.filesystem = filesystem.get();
  request.variable = [](const std::string&) { return std::nullopt; };
  request.resolve_values = false;
  Diagnostics diagnostics;
  const PrepareResult result =
      prepare_pipeline_text(folder + "/pipeline.yaml", text, request, diagnostics);
  std::string rendered;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    rendered += render(diagnostic, file_of(diagnostic, result.files)) + "\n";
  }
  return without_folder(std::move(rendered), folder + "/");
}

}  // namespace sluice
