// SPDX-License-Identifier: Apache-2.0
// The daemon's part of an update: takes a bundle, looks at it, waits for its hour, asks the root helper, and
// says how the gateway is while it is watched. gateway/update/README.md tells the whole way.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/status_report.hpp"
#include "gateway/update/look.hpp"
#include "gateway/update/places.hpp"
#include "gateway/update/status.hpp"
#include "gateway/update_plan.hpp"
#include "gateway/web/http.hpp"
#include "gateway/worker.hpp"

namespace busbar::gateway {

/// What the desk knows.
struct UpdateReport {
    std::string
        state;  ///< none, checking_bundle, available, scheduled, handed_over; then the helper's states
    bool has_helper = false;
    bool has_rollback_copy = false;  ///< the helper keeps a package to go back to
    std::optional<update::Verified> bundle{};
    std::optional<UpdatePlan> plan{};
    std::optional<update::Status> last{};  ///< the helper's word on the newest request
};

/// A bundle on its way into the spool; one that is not taken is removed with it.
class IncomingBundle final : public BodySink {
  public:
    explicit IncomingBundle(std::string path);
    ~IncomingBundle() override;
    IncomingBundle(const IncomingBundle&) = delete;
    IncomingBundle& operator=(const IncomingBundle&) = delete;

    void take(std::string_view bytes) override;
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    update::File file_;
    bool failed_ = false;
};

/// Loop thread only.
class UpdateDesk {
  public:
    struct Ports {
        boost::asio::io_context& loop;
        std::string spool;  ///< STATE/update
        update::Places places;
        std::function<Now()> now;
        std::function<std::vector<ChargePointReport>()> charge_points;
        Log log;
    };
    using Taken = std::function<void(const update::Judged<update::Verified>&)>;

    explicit UpdateDesk(Ports ports);

    /// Looks at what lies in the spool, and from now on each 2 s at what is to be done.
    void start();
    /// `changed`: the report is another; on the loop, never from within a call of this class.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

    /// Room for a bundle that is to come. Refusal: update_running, upload_running, no_space.
    update::Judged<std::shared_ptr<IncomingBundle>> receive(std::uint64_t announced_bytes);
    /// It has come: is it one, and for this gateway? One that is taken replaces the one before with its plan.
    /// Also for who fetched one elsewhere.
    void take(std::shared_ptr<IncomingBundle> incoming, Taken taken);

    /// `when` and `at` of the wish count; a plan there was is replaced. Refusal: no_bundle, update_running,
    /// no_update_helper, clock_unknown, past.
    update::Judged<void> install(UpdatePlan wish);
    /// Not before so long from now. Refusal: no_plan, update_running, clock_unknown.
    update::Judged<void> postpone(seconds time);
    /// Forgets bundle and plan. Refusal: update_running.
    update::Judged<void> cancel();

    [[nodiscard]] UpdateReport report() const;
    /// The helper has been asked, or is at work.
    [[nodiscard]] bool is_running() const;

  private:
    [[nodiscard]] std::string file(const char* name) const { return ports_.spool + '/' + name; }
    void look_at_spool();
    void check(const std::string& path, Taken taken);
    void keep(const update::Judged<update::Verified>& looked);
    void tick();
    void hear_helper();
    void give_word();
    void hand_over();
    update::Judged<void> save_plan(UpdatePlan plan);
    void forget_plan();
    void tell();

    Ports ports_;
    boost::asio::steady_timer timer_;
    std::function<void()> changed_;
    std::weak_ptr<IncomingBundle> incoming_;
    bool checking_ = false;
    bool handed_over_ = false;
    std::optional<update::Verified> bundle_;
    std::optional<UpdatePlan> plan_;
    std::optional<update::Status> status_;
    std::string word_;  ///< as it was given last
    Worker worker_;
};

}  // namespace busbar::gateway
