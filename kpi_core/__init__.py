"""The core of the Quarterly Performance Dashboard: frames in, frames out, no Streamlit anywhere."""
