"""The Quarterly Performance Dashboard: the frame and the navigation, nothing else."""

import streamlit as st

from pages.performance import section
from pages.shared import frame, server

if __name__ == "__main__":  # a visitor's run of a page
    frame.begin()
    frame.run(
        summary="pages/performance/summary.py",
        section=section.show,
        others={
            "changes": ("pages/performance/changes.py", "What changed"),
            "dashboard": ("pages/performance/dashboard.py", "Dashboard"),
            "risks": ("pages/performance/risks.py", "Risks"),
            "matrix": ("pages/explore/matrix.py", "Ratings over time"),
            "compare": ("pages/explore/compare.py", "Compare"),
            "indicator": ("pages/explore/indicator.py", "Indicator"),
            "calibration": ("pages/explore/calibration.py", "Past forecasts"),
            "framework": ("pages/manage/framework.py", "Framework"),
            "targets": ("pages/manage/targets.py", "Setting targets"),
            "commentary": ("pages/manage/commentary.py", "Commentary"),
            "quality": ("pages/manage/quality.py", "Data quality"),
            "upload": ("pages/manage/upload.py", "Upload"),
            "log": ("pages/manage/log.py", "Log"),
            "report": ("pages/publish/report.py", "Report and papers"),
            "publish": ("pages/publish/publishing.py", "Publishing"),
            "restated": ("pages/publish/restatements.py", "As published"),
            "method": ("pages/about/method.py", "How it is worked out"),
        },
    )
else:  # the server, once
    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE)
