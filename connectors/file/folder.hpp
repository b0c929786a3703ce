// The folder that a file connection names, and the paths inside it. Relative folders are relative
// to the working directory of the process. Pure functions; usable from any thread.
#pragma once

#include <string>

#include "config/option_spec.hpp"

namespace sluice::file {

const OptionTable& connection_options();

// As the connection says, without a trailing slash.
std::string folder_of(const Options& connection);

// Whether `path` stays inside the folder: relative, no empty part, no `.` or `..`, and no part that
// begins with a dot, since those are the connector's own. Error invalid_value.
Status check_path(const std::string& path);

// SoleUse::what of a file in the folder, the same for each way to write its path.
std::string use_of(const std::string& folder, const std::string& path);

// The part before the last slash.
std::string parent_of(const std::string& path);

}  // namespace sluice::file
