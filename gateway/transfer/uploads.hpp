// SPDX-License-Identifier: Apache-2.0
// GetDiagnostics and GetLog carried out: collected, packed into a file of our own, sent, and removed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/transfer/transfer.hpp"

namespace busbar::gateway {

/// What is wanted of a log; empty: unbounded.
struct TimeSpan {
    std::optional<UtcTime> from{}, to{};
};

/// Loop thread only.
class Uploads {
  public:
    using Done = std::function<void(const Result<void>&)>;
    /// Collected on the loop, without secrets, as text.
    using Source = std::function<std::string(const TimeSpan&)>;
    enum class Kind { diagnostics, log, security_log };

    struct Ports {
        std::string folder;  ///< STATE/transfers; exists
        Source diagnostics;
        Source security_log;
        std::function<Now()> now;
    };

    /// Removes what an earlier run left in the folder.
    Uploads(const TransferSurroundings& around, Ports ports);

    /// One of each request at a time: a new one ends the one before without a word.
    void start(const std::string& charge_point, Kind kind, const std::string& location,
               const std::string& file_name, const TimeSpan& span, Done done);
    void on_moved();

  private:
    struct Upload;
    using Slot = std::pair<std::string, bool>;  ///< charge point; asked for by GetLog

    void send(const std::shared_ptr<Upload>& upload, FileTransfer::Job job);
    void finish(const Slot& slot, const Result<void>& result);

    const TransferSurroundings& around_;
    Ports ports_;
    std::map<Slot, std::shared_ptr<Upload>> uploads_;
    int last_ = 0;
};

}  // namespace busbar::gateway
