// Whether a key column of an upsert's table keeps apart what the engine keeps apart. The engine
// nets an epoch's changes by its own values; two of them that become one in the table would meet in
// one statement, and deletes would not find what was rounded. Pure functions.
#pragma once

#include <string>

#include "connectors/postgres/table_description.hpp"
#include "values/type.hpp"

namespace sluice::postgres {

// False: the column rounds, cuts, or calls different values equal. Types that are not PostgreSQL's
// own are believed.
bool keeps_keys_apart(const Type& written, const TableColumn& target);

// What to change otherwise, for the user.
std::string advise_on_key(const Type& written, const TableColumn& target);

}  // namespace sluice::postgres
