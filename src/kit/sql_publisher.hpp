// The publisher of every target that speaks SQL: an epoch's rows and its marker, a row of a table
// of the same database, are one transaction. Rows that the database refuses are rejects, whose
// checksum is in the marker. An answer to COMMIT that is lost is asked for: the marker is read
// under the lock that the transaction holds until it has ended.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"
#include "kit/sql_target.hpp"

namespace sluice {

std::unique_ptr<Publisher> make_sql_publisher(const PublisherRequest& request,
                                              std::unique_ptr<SqlTarget> target);

}  // namespace sluice
