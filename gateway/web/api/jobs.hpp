// SPDX-License-Identifier: Apache-2.0
// Work that outlives the request that began it: whoever asked may lock the phone and come back.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>

#include "gateway/base/time.hpp"
#include "gateway/web/router.hpp"

namespace busbar::gateway {

enum class JobKind { connection_test, checklist, support_bundle, update };
enum class JobState { running, done, failed, cancelled };

struct Job {
    std::string id;
    JobKind kind = JobKind::connection_test;
    std::string subject;  ///< charge point id, or empty
    JobState state = JobState::running;
    double progress = 0;  ///< 0 to 1
    SteadyTime started;
    std::optional<SteadyTime> ended;
    std::string result = "null";  ///< JSON text: what is known so far
    std::string file_name;        ///< empty: it made none
    std::string file;
};

/// Loop thread only. Bounded: of those that are over the oldest give way, and all after an hour.
class Jobs {
  public:
    static constexpr std::size_t most_kept = 20;
    static constexpr seconds kept_for{3600};

    /// `changed` is told the JSON of a job whenever it moved on; it may be empty.
    Jobs(std::function<Now()> now, std::function<void(const std::string& job)> changed)
        : now_(std::move(now)), changed_(std::move(changed)) {}

    /// `cancel` is called at most once, when somebody stops it while it runs; what it does afterwards is
    /// void. Gives the id.
    std::string start(JobKind kind, std::string subject, std::function<void()> cancel);
    /// One of that kind and subject runs.
    [[nodiscard]] bool runs(JobKind kind, const std::string& subject) const;

    /// Both do nothing for a job that is over.
    void move_on(const std::string& id, double progress, std::string result);
    void end(const std::string& id, JobState state, std::string result, std::string file_name = {},
             std::string file = {});

    /// The 202 for whoever began it.
    [[nodiscard]] HttpResponse accepted(const std::string& id) const;

    /// The Jobs outlive the routes.
    [[nodiscard]] std::vector<Route> routes();

  private:
    struct Entry {
        Job job;
        std::function<void()> cancel;
    };
    [[nodiscard]] const Entry* find(const std::string& id) const;
    Entry* find(const std::string& id);
    void forget_old();
    void tell(const Job& job) const;
    HttpResponse list();
    HttpResponse show(const std::string& id) const;
    HttpResponse cancel(const std::string& id);
    [[nodiscard]] HttpResponse file(const std::string& id) const;

    std::function<Now()> now_;
    std::function<void(const std::string&)> changed_;
    std::list<Entry> entries_;  ///< newest first
    int last_ = 0;
};

}  // namespace busbar::gateway
