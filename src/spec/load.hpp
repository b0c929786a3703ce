// load_pipeline: reads one pipeline file and those it includes into a PipelineSpec, and reports
// every problem of all of them in one run. Needs no server and no network. Everything is borrowed
// for the call only; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/connector_options.hpp"
#include "config/diagnostic.hpp"
#include "config/document.hpp"
#include "env/filesystem.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

struct LoadRequest {
  const ConnectorCatalogue* catalogue = nullptr;
  Filesystem* filesystem = nullptr;  // for included files and the files of secrets
  // The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const std::string&)> variable;
  // True for running and for `validate --env`: an unset variable without default and an unreadable
  // secret are errors. False for offline validation: an unset variable without default is a
  // warning, files of secrets are not opened, and the options concerned keep the text as written.
  bool resolve_values = true;
  // False for running, which does not need them: what is wrong in `tests` is a warning then.
  bool tests_must_be_right = true;
};

struct LoadedPipeline {
  PipelineSpec spec;              // complete only when no error was reported
  uint64_t digest = 0;            // spec/content_digest.hpp; likewise
  std::vector<SourceText> files;  // the pipeline's file first, then the included ones

  // The file a diagnostic stands in; the first one if none has its name.
  const SourceText& file_of(const Diagnostic& diagnostic) const;
};

LoadedPipeline load_pipeline(const std::string& path, const LoadRequest& request,
                             Diagnostics& diagnostics);
// The same for a text that is already in memory; `name` is how messages call it and what included
// paths are relative to.
LoadedPipeline load_pipeline_text(const std::string& name, std::string text,
                                  const LoadRequest& request, Diagnostics& diagnostics);

}  // namespace sluice
