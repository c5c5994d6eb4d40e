// SPDX-License-Identifier: Apache-2.0
// A firmware update on a bench: the test carries out its instructions, and what is told lies in `told`.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ocpp/firmware_update.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp::test {

/// What settle() gave: an attempt of a download, an installation, or nothing.
constexpr int nothing = 0;
constexpr int installation = -1;

/// An update with its store and a link that answers at once while `online`.
struct FirmwareBench {
    UpdateFirmwareReq request{"https://user:secret@host/new.bundle", std::nullopt, *now_at(0s).utc,
                              std::nullopt};
    bool online = true;
    bool charging = false;
    bool utc_known = true;
    std::vector<FirmwareStatus> told;
    FakeStore store;
    Effects effects;
    std::string location;  ///< of the last download
    std::optional<FirmwareUpdate> update{std::in_place, std::vector<Record>()};

    bool ask() { return update->request(request, "FTP,HTTPS", effects); }
    int settle(seconds time) {
        auto now = now_at(time);
        if (!utc_known) now.utc.reset();
        const auto instruction = update->settle(!charging, now, effects);
        tell();
        store.commit(effects);
        const auto next = update->next_deadline();
        EXPECT_TRUE(!next || *next > now.steady);
        if (!instruction) return nothing;
        const auto* download = std::get_if<DownloadFirmware>(&*instruction);
        if (download == nullptr) return installation;
        location = download->location;
        return download->attempt;
    }
    void downloaded(int attempt, const Result<void>& result, seconds time) {
        update->on_downloaded(attempt, result, now_at(time), effects);
    }
    void installed(const Result<void>& result) { update->on_installed(result, effects); }
    void tell() {
        while (const auto status = update->take_status(online)) {
            told.push_back(*plain_status(status->status));
            update->on_status_answered(effects);
        }
    }
    void restart() {
        store.commit(effects);
        effects.clear();
        update.emplace(store.load().records);
    }
    void go_to_installation() {
        ask();
        settle(0s);
        downloaded(1, {}, 1s);
        settle(1s);
        EXPECT_EQ(settle(1s), installation);
    }
};

}  // namespace busbar::ocpp::test
