// The source of files: every line is one record, every file one split, and a file ends where it
// ended when it was opened. `path` names a file, or a folder whose files are all read. A record's
// offset is the byte at which its line begins; it has no key, and its timestamp is the time of
// reading.
#pragma once

#include "config/option_spec.hpp"
#include "dataflow/source.hpp"

namespace sluice::file {

const OptionTable& source_options();

Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                       const Options& options);

// The files that `path` names, relative to the folder, sorted. Error source_failed when it does not
// exist.
Result<std::vector<std::string>> find_files(Filesystem& filesystem, const std::string& folder,
                                            const std::string& path);

}  // namespace sluice::file
