// PUBLISHED: what each target was known to show when a run stopped. Manifests cannot say it of the
// epochs they decide; without it, a connection could never leave a pipeline, for nobody could tell
// any more that its last epoch is published. Advice only: a lost note makes a start more careful.
// Pure functions over the Filesystem, called by the coordinating thread.
#pragma once

#include <map>
#include <string>

#include "storage/block_file.hpp"
#include "storage/marker_point.hpp"

namespace sluice {

using PublishedNote = std::map<std::string, MarkerPoint>;  // by target

Status write_published_note(Filesystem& filesystem, const std::string& path,
                            const PublishedNote& note);
// Empty when there is no file.
Result<PublishedNote> read_published_note(Filesystem& filesystem, const std::string& path);

}  // namespace sluice
