// SPDX-License-Identifier: Apache-2.0
// The one place for firmware of the whole gateway: what several charge points ask for is fetched once,
// installed once, and told to each of them.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/transfer/transfer.hpp"
#include "gateway/update_desk.hpp"

namespace busbar::gateway {

/// Loop thread only. Decided where OCPP is silent:
/// - Who asks for the same location joins. Another location is refused while somebody else's is fetched,
/// waits
///   (a day at most) or is installed; one's own is replaced until it is installed.
/// - The file is a bundle like one from the web pages (gateway/update/README.md), and is judged when it is to
///   be installed, after any signature of the central system's.
/// - What the helper says of the installation, mostly after a restart, is told to each who asked for it.
class FirmwareSlot {
  public:
    using Done = std::function<void(const Result<void>&)>;

    /// The gateway that is updated.
    struct Machine {
        UpdateDesk& update;
        std::function<bool()> car_charges;
        /// No installation for this charge point now, or again: others charge.
        std::function<void(const std::string& charge_point, bool held)> hold;
        /// The end of an installation that an earlier run began.
        std::function<void(const std::string& charge_point, const Result<void>&)> installed;
    };

    FirmwareSlot(const TransferSurroundings& around, const std::string& folder, Machine machine, Log log);

    void start();
    void fetch(const std::string& charge_point, const std::string& location, Done done);
    /// Base64 `signature` over the fetched file by the key of `certificate` (PEM).
    void verify(const std::string& certificate, const std::string& signature, Done done);
    void install(const std::string& charge_point, Done done);
    void on_moved();

  private:
    void load();
    void save() const;
    void clear();
    [[nodiscard]] std::optional<std::string> conflict(const std::string& charge_point,
                                                      const std::string& hash) const;
    void begin(const std::string& location);
    void on_fetched(const Result<void>& result);
    void hand_in();
    void on_taken(const update::Judged<update::Verified>& taken);
    void end_installation(const Result<void>& result);
    void tick();
    void follow_installation();

    const TransferSurroundings& around_;
    std::string file_;
    std::string state_file_;
    Machine machine_;
    Log log_;
    boost::asio::steady_timer timer_;

    std::string location_;  ///< hash of what is fetched or was; "": the slot is free
    bool fetched_ = false;
    SteadyTime fetched_at_;
    std::set<std::string> holders_;  ///< charge points that asked for it
    std::string installation_;       ///< id of the request to the helper; "": none, or not handed in yet
    bool handing_in_ = false;
    std::optional<SteadyTime> adrift_since_;  ///< nobody has the request
    std::set<std::string> installers_;        ///< charge points that wait for its end
    std::shared_ptr<FileTransfer> transfer_;
    std::map<std::string, Done> fetchers_;
    std::map<std::string, Done> waiting_;  ///< for the end of the installation
};

}  // namespace busbar::gateway
