// Pipelines of one folder that cannot run beside each other: two of one name, and two that write
// what only one may, such as an upserted table, where each would overwrite what the other wrote.
// Also those that may come to do so: two whose keys may meet. Pure; one thread.
#pragma once

#include <vector>

#include "daemon/folder_files.hpp"

namespace sluice {

// Of two such pipelines the one of the earlier file stays; the other one gets an error and is taken
// away. Of two that may meet, the latter gets a warning.
void refuse_conflicts(std::vector<FolderFile>& files);

}  // namespace sluice
