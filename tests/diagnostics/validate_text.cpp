#include "diagnostics/validate_text.hpp"

#include "diagnostics/catalogue.hpp"
#include "spec/load.hpp"

namespace sluice {

namespace {

// Names in messages stay short wherever the corpus lies.
std::string without_folder(std::string text, const std::string& folder) {
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.erase(at, folder.size());
  }
  return text;
}

}  // namespace

std::string validate_text(const std::string& folder, const std::string& text) {
  const std::unique_ptr<Filesystem> filesystem = make_posix_filesystem();
  LoadRequest request;
  request.catalogue = &corpus_catalogue();
  request.filesystem = filesystem.get();
  request.variable = [](const std::string&) { return std::nullopt; };
  request.resolve_values = false;
  Diagnostics diagnostics;
  const LoadedPipeline loaded =
      load_pipeline_text(folder + "/pipeline.yaml", text, request, diagnostics);
  std::string rendered;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    rendered += render(diagnostic, loaded.file_of(diagnostic)) + "\n";
  }
  return without_folder(std::move(rendered), folder + "/");
}

}  // namespace sluice
